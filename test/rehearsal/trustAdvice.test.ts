import { deepEqual, equal } from "node:assert/strict";
import { rehearse } from "../../src/rehearsal/rehearse";
import { applyAdvice } from "../proof/applyAdvice";
import { setUpWithoutKms, SOURCE, SOURCE_ACCOUNT, trusting } from "../proof/setUp";

type Condition = Parameters<typeof trusting>[1];

describe("advice about a trust policy with a guard against confused deputies", () => {
  const adviceFor = (condition: Condition) => {
    const snapshot = setUpWithoutKms({ trust: trusting("s3.amazonaws.com", condition) });
    const { advice } = rehearse(snapshot);
    const trust = advice.filter(({ where }) => where === "trust policy");
    equal(trust.length, 1);
    return { advice: trust[0], mended: rehearse(applyAdvice(snapshot, advice)).verdict };
  };
  const conditionOf = (value: unknown) => {
    const document = value as { Statement?: { Condition?: unknown }[]; Condition?: unknown };
    return document.Statement?.[0]?.Condition ?? document.Condition;
  };

  it("keeps a strict one in the form that holds whether or not S3 sends the keys", () => {
    const { advice, mended } = adviceFor({
      StringEquals: { "aws:SourceAccount": SOURCE_ACCOUNT },
      ArnLike: { "AWS:SourceArn": SOURCE },
    });
    deepEqual(conditionOf(advice?.change?.value), {
      StringEqualsIfExists: { "aws:SourceAccount": SOURCE_ACCOUNT },
      ArnLikeIfExists: { "AWS:SourceArn": SOURCE },
    });
    equal(mended, "proven");
  });

  it("lets this bucket and its account in beside others", () => {
    const { advice, mended } = adviceFor({
      StringEqualsIfExists: { "aws:SourceAccount": "999999999999" },
      ArnLike: { "aws:SourceArn": ["arn:aws:s3:::one", "arn:aws:s3:::two"] },
    });
    deepEqual(conditionOf(advice?.change?.value), {
      StringEqualsIfExists: { "aws:SourceAccount": ["999999999999", SOURCE_ACCOUNT] },
      ArnLikeIfExists: { "aws:SourceArn": ["arn:aws:s3:::one", "arn:aws:s3:::two", SOURCE] },
    });
    equal(mended, "proven");
  });

  it("adds a statement where no further value would let S3 in", () => {
    const { advice, mended } = adviceFor({ Null: { "aws:SourceArn": "false" } });
    equal(advice?.change, undefined);
    deepEqual(advice?.statement?.Principal, { Service: "s3.amazonaws.com" });
    equal(mended, "proven");
  });
});
