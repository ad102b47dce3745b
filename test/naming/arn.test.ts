import * as assert from "node:assert/strict";
import { dnsSuffixOfRegion, parseArn, partitionOfRegion } from "../../src/iam";

describe("ARNs", () => {
  it("are split at their first five colons", () => {
    assert.deepEqual(parseArn("arn:aws:sns:eu-west-1:111111111111:topic:with:colons"), {
      partition: "aws",
      service: "sns",
      region: "eu-west-1",
      accountId: "111111111111",
      resource: "topic:with:colons",
    });
    assert.deepEqual(parseArn("arn:aws-cn:s3:::bucket/key"), {
      partition: "aws-cn",
      service: "s3",
      region: "",
      accountId: "",
      resource: "bucket/key",
    });
  });

  for (const text of [
    "",
    "*",
    "arn:aws:s3",
    "arn:aws:s3:::",
    "urn:aws:s3:::bucket",
    "arn::s3:::bucket",
    "arn:aws::::bucket",
  ]) {
    it(`are not '${text}'`, () => {
      assert.equal(parseArn(text), undefined);
    });
  }
});

describe("the partition and the DNS suffix of", () => {
  for (const [region, partition, suffix] of [
    ["eu-west-1", "aws", "amazonaws.com"],
    ["us-east-1", "aws", "amazonaws.com"],
    ["cn-northwest-1", "aws-cn", "amazonaws.com.cn"],
    ["us-gov-west-1", "aws-us-gov", "amazonaws.com"],
    ["us-iso-east-1", "aws-iso", "c2s.ic.gov"],
    ["us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"],
    ["eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"],
    ["us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"],
    ["eusc-de-east-1", "aws-eusc", "amazonaws.eu"],
  ] as const) {
    it(`${region} are ${partition} and ${suffix}`, () => {
      assert.equal(partitionOfRegion(region), partition);
      assert.equal(dnsSuffixOfRegion(region), suffix);
    });
  }
});
