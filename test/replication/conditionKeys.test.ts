import { deepStrictEqual, strictEqual } from "node:assert";
import { meantConditionKey } from "../../src/replication/conditionKeys";
import { LISTING_KEYS } from "../../src/replication/keysOfOtherRequests";
import { CONTEXT_ENTRIES } from "../../src/replication/requestContext";

const MEANT: Readonly<Record<string, string>> = {
  "aws:PrincipleArn": "aws:PrincipalArn",
  "aws:SourceAcount": "aws:SourceAccount",
  "s3x:prefix": "s3:prefix",
  "kms:ViaServices": "kms:ViaService",
  "aws:PrincipleTag/team": "aws:PrincipalTag/team",
  "kms:EncryptionContexts:aws:s3:arn": "kms:EncryptionContext:aws:s3:arn",
};

describe("a condition key that AWS does not have", () => {
  for (const [written, meant] of Object.entries(MEANT)) {
    it(`is taken for the one that is nearly called so: ${written}`, () => {
      strictEqual(meantConditionKey(written), meant);
    });
  }

  it("is taken for none where none is nearly called so", () => {
    deepStrictEqual(
      ["acme:department", "s3:owner", "ReplicaKmsKeyID", "token.actions.githubusercontent.com:sub"].map(
        meantConditionKey,
      ),
      [undefined, undefined, undefined, undefined],
    );
  });
});

describe("a condition key that AWS has", () => {
  it("is taken for no other, however it is written", () => {
    const there = [
      ...CONTEXT_ENTRIES.map(({ key }) => key.replace("*", "any")),
      ...LISTING_KEYS,
      "AWS:principalarn",
      "s3:x-amz-grant-read",
      "s3:x-amz-grant-read-acp",
      "aws:PrincipalTag/Principle",
      "saml:sub",
    ];
    deepStrictEqual(
      there.flatMap((key) => meantConditionKey(key) ?? []),
      [],
    );
  });
});
