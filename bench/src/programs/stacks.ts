/** A stack of many resources as the engine tells a policy pack of it: replication's, mixed with others. */
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

interface Made {
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, JavaScriptValue>>;
}

export interface AskedStack {
  /** A request for each resource, before it is made. */
  readonly each: readonly proto.AnalyzeRequest[];
  /** One for all of them. */
  readonly stack: proto.AnalyzeStackRequest;
}

export function stackOf(size: number): AskedStack {
  const resources = Array.from({ length: size }, (_, index) => resource(index));
  const stack = new proto.AnalyzeStackRequest();
  stack.setResourcesList(
    resources.map((made) => {
      const message = described(new proto.AnalyzerResource(), made);
      message.setProvider(provider());
      return message;
    }),
  );
  return {
    each: resources.map((made) => {
      const message = described(new proto.AnalyzeRequest(), made);
      message.setProvider(provider());
      return message;
    }),
    stack,
  };
}

function described<M extends proto.AnalyzerResource | proto.AnalyzeRequest>(
  message: M,
  { type, name, props }: Made,
): M {
  message.setType(type);
  message.setName(name);
  message.setUrn(`urn:pulumi:bench::bench::${type}::${name}`);
  message.setProperties(Struct.fromJavaScript(props as Record<string, JavaScriptValue>));
  message.setOptions(new proto.AnalyzerResourceOptions());
  return message;
}

function provider(): proto.AnalyzerProviderResource {
  const message = new proto.AnalyzerProviderResource();
  message.setType("pulumi:providers:aws");
  message.setName("sending");
  message.setUrn("urn:pulumi:bench::bench::pulumi:providers:aws::sending");
  message.setProperties(Struct.fromJavaScript({ allowedAccountIds: ["111111111111"], region: "us-east-1" }));
  return message;
}

/** Half is a bucket with its settings, half is what else stacks hold. */
function resource(index: number): Made {
  const group = Math.floor(index / KINDS.length);
  const kind = KINDS[index % KINDS.length] ?? KINDS[0];
  return { type: kind.type, name: `${kind.name}-${group}`, props: kind.props(`acme-${group}`) };
}

const tags = { team: "storage", environment: "production", costCenter: "4711" };
const document = (...statements: object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

type Kind = {
  readonly type: string;
  readonly name: string;
  readonly props: (bucket: string) => Made["props"];
};

const KINDS: readonly [Kind, ...Kind[]] = [
  {
    type: "aws:s3/bucket:Bucket",
    name: "bucket",
    props: (bucket) => ({ bucket, arn: `arn:aws:s3:::${bucket}`, forceDestroy: false, tags }),
  },
  {
    type: "aws:lambda/function:Function",
    name: "function",
    props: (bucket) => ({
      name: bucket,
      runtime: "nodejs22.x",
      handler: "index.handler",
      memorySize: 512,
      timeout: 30,
      environment: { variables: { BUCKET: bucket } },
      tags,
    }),
  },
  {
    type: "aws:s3/bucketVersioning:BucketVersioning",
    name: "versioning",
    props: (bucket) => ({ bucket, versioningConfiguration: { status: "Enabled" } }),
  },
  {
    type: "aws:ec2/instance:Instance",
    name: "instance",
    props: () => ({
      ami: "ami-12345678",
      instanceType: "m7g.large",
      subnetId: "subnet-12345678",
      ebsBlockDevices: [{ deviceName: "/dev/sdb", encrypted: true }],
      tags,
    }),
  },
  {
    type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    name: "encryption",
    props: (bucket) => ({
      bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: "aws:kms",
            kmsMasterKeyId: "arn:aws:kms:us-east-1:111111111111:key/12345678-1234-1234-1234-123456789012",
          },
          bucketKeyEnabled: true,
          blockedEncryptionTypes: ["SSE-C"],
        },
      ],
    }),
  },
  {
    type: "aws:dynamodb/table:Table",
    name: "table",
    props: (bucket) => ({
      name: bucket,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attributes: [{ name: "id", type: "S" }],
      pointInTimeRecovery: { enabled: true },
      tags,
    }),
  },
  {
    type: "aws:s3/bucketPolicy:BucketPolicy",
    name: "policy",
    props: (bucket) => ({
      bucket,
      policy: document({
        Sid: "DenyInsecureTransport",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
    }),
  },
  {
    type: "aws:cloudwatch/logGroup:LogGroup",
    name: "logs",
    props: (bucket) => ({ name: `/aws/lambda/${bucket}`, retentionInDays: 30, tags }),
  },
  {
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    name: "block",
    props: (bucket) => ({
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    }),
  },
  {
    type: "aws:iam/role:Role",
    name: "role",
    props: (bucket) => ({
      name: bucket,
      assumeRolePolicy: document({
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
      tags,
    }),
  },
];
