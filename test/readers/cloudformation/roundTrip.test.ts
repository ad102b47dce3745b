/** Our own stacks, written as CloudFormation templates: the same verdict and outcomes, object by object. */
import { deepStrictEqual, ok } from "node:assert";
import { parseArn } from "../../../src/naming/arn";
import { bucketNameOf } from "../../../src/naming/names";
import { readTemplates, type TemplateStack } from "../../../src/readers/cloudformation/fromTemplates";
import { applyReadings } from "../../../src/readers/joinSources";
import type { BucketState, RoleState, Snapshot } from "../../../src/snapshot/snapshot";
import { emptySnapshot } from "../../../src/snapshot/snapshot";
import { grouped } from "../../../src/util/grouping";
import { brokenExample, exampleOf, EXAMPLES, told } from "../roundTrips";
import { stackOf } from "./support";

/** What goes into one stack. */
interface Part {
  readonly account: string;
  readonly region: string;
  readonly logicalId: string;
  readonly resource: object;
}

/** Accounts as templates, one for each account and Region. Keys are called by their stacks' outputs: their ARNs are new. */
function templatesOf(snapshot: Snapshot): TemplateStack[] {
  const keyIds = new Map(Object.keys(snapshot.keys).map((arn, index) => [arn, `Key${index}`]));
  const parts = partsOf(snapshot, keyIds);
  return [...grouped(parts, ({ account, region }) => `${account}-${region}`)].map(([stackName, members]) => {
    const { account, region } = members[0]!;
    const parameters: Record<string, string> = {};
    const called = (value: unknown): unknown => {
      const keyId = typeof value === "string" ? keyIds.get(value) : undefined;
      if (keyId !== undefined) {
        const { account: owner, region: home } = snapshot.keys[value as string]!;
        if (owner === account && home === region) return { "Fn::GetAtt": [keyId, "Arn"] };
        parameters[keyId] = `output:${owner}-${home}.${keyId}`;
        return { Ref: keyId };
      }
      if (Array.isArray(value)) return value.map(called);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, called(inner)]));
    };
    const resources = Object.fromEntries(
      members.map(({ logicalId, resource }) => [logicalId, called(resource)]),
    );
    const keys = members.filter(({ logicalId }) => logicalId.startsWith("Key"));
    const template = {
      Parameters: Object.fromEntries(Object.keys(parameters).map((name) => [name, { Type: "String" }])),
      Resources: resources,
      Outputs: Object.fromEntries(
        keys.map(({ logicalId }) => [logicalId, { Value: { "Fn::GetAtt": [logicalId, "Arn"] } }]),
      ),
    };
    return stackOf(JSON.stringify(template), { stackName, accountId: account, region, parameters });
  });
}

function partsOf(snapshot: Snapshot, keyIds: ReadonlyMap<string, string>): Part[] {
  const regionOf = (accountId: string) =>
    Object.values(snapshot.buckets).find(({ account }) => account === accountId)?.region ?? "eu-west-1";
  return [
    ...Object.entries(snapshot.keys).map(([arn, { account, region, policy, multiRegion }]) => ({
      account,
      region,
      logicalId: keyIds.get(arn)!,
      resource: { Type: "AWS::KMS::Key", Properties: { KeyPolicy: policy, MultiRegion: multiRegion } },
    })),
    ...Object.entries(snapshot.accounts).flatMap(([account, { roles }]) =>
      Object.entries(roles).map(([arn, role], index) => ({
        account,
        region: regionOf(account),
        logicalId: `Role${index}`,
        resource: roleOf(arn, role),
      })),
    ),
    ...Object.entries(snapshot.buckets).flatMap(([arn, bucket], index) => {
      const { account, region, policy } = bucket;
      const Bucket = bucketNameOf(arn);
      const put = { Type: "AWS::S3::BucketPolicy", Properties: { Bucket, PolicyDocument: policy } };
      return [
        { account, region, logicalId: `Bucket${index}`, resource: bucketOf(Bucket, bucket) },
        ...(policy === null ? [] : [{ account, region, logicalId: `Policy${index}`, resource: put }]),
      ];
    }),
  ];
}

function roleOf(arn: string, { trust, policies, policyNames }: RoleState): object {
  const { resource } = parseArn(arn)!;
  const RoleName = resource.slice(resource.lastIndexOf("/") + 1);
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      RoleName,
      Path: resource.slice("role".length, resource.lastIndexOf("/") + 1),
      AssumeRolePolicyDocument: trust,
      Policies: policies.map((PolicyDocument, index) => ({
        PolicyName: policyNames?.[index] ?? `p${index}`,
        PolicyDocument,
      })),
    },
  };
}

function bucketOf(BucketName: string, bucket: BucketState): object {
  const { versioning, ownership, encryption, objectLock, publicAccessBlock: block, replication } = bucket;
  return {
    Type: "AWS::S3::Bucket",
    Properties: {
      BucketName,
      ObjectLockEnabled: objectLock,
      ...(versioning === null ? {} : { VersioningConfiguration: { Status: versioning } }),
      OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] },
      PublicAccessBlockConfiguration: Object.fromEntries(
        Object.entries(block ?? {}).map(([name, value]) => [
          name.replace(/^./, (letter) => letter.toUpperCase()),
          value,
        ]),
      ),
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: encryption?.algorithm,
              KMSMasterKeyID: encryption?.keyArn,
            },
            BucketKeyEnabled: encryption?.bucketKeyEnabled,
            BlockedEncryptionTypes: { EncryptionType: bucket.blockedEncryptionTypes },
          },
        ],
      },
      ...(replication === null ? {} : { ReplicationConfiguration: inTemplateWords(replication) }),
    },
  };
}

const NAMES: Readonly<Record<string, string>> = { ID: "Id", Tag: "TagFilter", Tags: "TagFilters" };

function inTemplateWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inTemplateWords);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [NAMES[name] ?? name, inTemplateWords(inner)]),
  );
}

describe("an example of ours, written as CloudFormation templates", () => {
  for (const example of EXAMPLES) {
    it(`gives the same verdict and the same outcomes: ${example}`, async () => {
      const snapshot = await exampleOf(example);
      const written = emptySnapshot();
      applyReadings(written, readTemplates(templatesOf(snapshot)));
      const expected = told(snapshot);
      deepStrictEqual(told(written), expected);
      ok(expected.objects.length > 1 && expected.verdict === "proven");
    });
  }

  it("gives the same verdict and the same outcomes where the key policy lets nobody in", async () => {
    const snapshot = await brokenExample();
    const written = emptySnapshot();
    applyReadings(written, readTemplates(templatesOf(snapshot)));
    const expected = told(snapshot);
    deepStrictEqual(told(written), expected);
    deepStrictEqual(expected.verdict, "broken");
  });
});
