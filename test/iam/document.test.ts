import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { decide, parsePolicy, patternsOf, PolicySyntaxError } from "../../src/iam";
import type { PolicyKind } from "../../src/iam";

interface Documents {
  readonly malformed: readonly {
    readonly name: string;
    readonly policy: unknown;
    readonly place: string;
    readonly says: string;
    readonly kind?: PolicyKind;
  }[];
  readonly wellFormed: readonly {
    readonly name: string;
    readonly policy: unknown;
    readonly kind?: PolicyKind;
  }[];
}

const FILE = path.join(__dirname, "documents", "documents.json");

describe("policy documents", () => {
  const { malformed, wellFormed } = JSON.parse(fs.readFileSync(FILE, "utf8")) as Documents;

  describe("are refused, with the place and the fix, for", () => {
    for (const { name, policy, place, says, kind } of malformed) {
      it(name, () => {
        assert.throws(
          () => parsePolicy(policy, "example", kind === undefined ? {} : { kind }),
          (error: unknown) => {
            assert.ok(error instanceof PolicySyntaxError, String(error));
            assert.equal(error.fault.place, place);
            assert.ok(error.message.includes(says), error.message);
            assert.ok(error.message.includes("policy 'example'"), error.message);
            return true;
          },
        );
      });
    }
  });

  describe("are read with", () => {
    for (const { name, policy, kind } of wellFormed) {
      it(name, () => {
        parsePolicy(policy, "example", kind === undefined ? {} : { kind });
      });
    }
  });

  it("say the same as an object and as text", () => {
    const policy = {
      Version: "2012-10-17",
      Id: "an-id",
      Statement: [
        {
          Sid: "One",
          Effect: "Deny",
          NotPrincipal: { AWS: "111111111111", Service: ["s3.amazonaws.com"] },
          NotAction: "s3:GetObject",
          NotResource: ["arn:aws:s3:::a", "arn:aws:s3:::b/*"],
          Condition: {
            StringEquals: { "s3:prefix": [1, true, "x"] },
            Bool: { "aws:SecureTransport": false },
          },
        },
      ],
    };
    const expected = {
      version: "2012-10-17",
      id: "an-id",
      statements: [
        {
          sid: "One",
          index: 0,
          effect: "Deny",
          notPrincipal: { AWS: ["111111111111"], Service: ["s3.amazonaws.com"] },
          notActions: ["s3:GetObject"],
          notResources: ["arn:aws:s3:::a", "arn:aws:s3:::b/*"],
          conditions: [
            { operator: "StringEquals", key: "s3:prefix", values: ["1", "true", "x"] },
            { operator: "Bool", key: "aws:SecureTransport", values: ["false"] },
          ],
        },
      ],
    };
    assert.deepEqual(parsePolicy(policy, "example"), expected);
    assert.deepEqual(parsePolicy(JSON.stringify(policy), "example"), expected);
  });

  it("are the older version where they have none", () => {
    assert.equal(parsePolicy({ Statement: [] }, "example").version, "2008-10-17");
  });

  describe("that are hostile end in an error and not in a crash:", () => {
    const refused = (policy: unknown, says: RegExp): void => {
      assert.throws(
        () => parsePolicy(policy, "hostile"),
        (error: unknown) => {
          assert.ok(error instanceof PolicySyntaxError, String(error));
          assert.match(error.message, says);
          assert.ok(error.message.length < 1_000, `${error.message.length} characters`);
          return true;
        },
      );
    };

    it("a field called __proto__", () => {
      refused('{"__proto__": {"polluted": true}, "Statement": []}', /'__proto__'.*left out/);
      refused('{"Statement": [{"__proto__": {}, "Effect": "Allow"}]}', /Statement\[0\]\.__proto__/);
      refused(
        '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"__proto__": {"a:b": "c"}}}]}',
        /Condition\.__proto__/,
      );
      assert.equal(({} as { polluted?: boolean }).polluted, undefined);
    });

    it("deep nesting", () => {
      refused("[".repeat(1_000_000) + "]".repeat(1_000_000), /policy 'hostile'/);
      let deep: unknown = "x";
      for (let depth = 0; depth < 1_000_000; depth += 1) {
        deep = [deep];
      }
      refused({ Statement: [{ Effect: "Allow", Action: deep, Resource: "*" }] }, /Action\[0\]/);
    });

    it("an object that holds itself", () => {
      const policy: Record<string, unknown> = {};
      policy.Statement = policy;
      refused(policy, /Statement\.Statement/);
    });

    it("names and values of a million characters", () => {
      refused({ ["x".repeat(1_000_000)]: 1 }, /left out/);
      refused({ Version: "9".repeat(1_000_000), Statement: [] }, /Version/);
    });

    it("hundreds of thousands of policy variables are decided in seconds", () => {
      const variables = Array.from({ length: 200_000 }, (_, index) => `\${aws:PrincipalTag/${index}}`);
      const document = parsePolicy(
        {
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "*", Resource: `arn:aws:s3:::${variables.join("")}` },
            {
              Effect: "Allow",
              Action: "*",
              Resource: "*",
              Condition: { StringLike: { "s3:prefix": variables } },
            },
          ],
        },
        "hostile",
      );
      assert.equal(patternsOf(document, "s3:prefix").values.length, 200_000);
      const { verdict, decidingKeys } = decide(
        {
          principal: {
            kind: "role",
            roleArn: "arn:aws:iam::111111111111:role/replication",
            sessionName: "s",
          },
          action: "s3:GetObject",
          resource: "arn:aws:s3:::source/key",
          resourceAccount: "111111111111",
          context: { "s3:prefix": { state: "known", values: ["a", "b"] } },
        },
        { identity: [{ name: "hostile", document }], resource: { kind: "bucket", policy: null } },
      );
      assert.equal(verdict, "unproven");
      assert.ok(decidingKeys.length >= 200_000);
    }).timeout(20_000);

    it("hundreds of thousands of statements are read in seconds", () => {
      const statement = { Effect: "Allow", Action: "s3:*", Resource: "*" };
      const text = JSON.stringify({ Version: "2012-10-17", Statement: Array(200_000).fill(statement) });
      assert.equal(parsePolicy(text, "huge").statements.length, 200_000);
    }).timeout(20_000);
  });
});
