/** Requests of replication with the policies that decide on them: ours, and large ones of others. */
import type { NamedPolicy, parsePolicy, Policies, Request } from "../../../bin/iam";
import { contextOf } from "../../../bin/replication/requestContext";
import {
  destinationBucketPolicy,
  destinationKeyPolicy,
  roleKeyPolicy,
  roleS3Policy,
} from "./byHand/policies";
import { DESTINATION, pairs, SOURCE } from "./pairs";

export interface Question {
  readonly request: Request;
  readonly policies: Policies;
  /** The same policies as JSON. */
  readonly texts: readonly string[];
}

const KEY = `arn:aws:kms:${DESTINATION.region}:${DESTINATION.accountId}:key/12345678-1234-1234-1234-123456789012`;

export function questions(parse: typeof parsePolicy): Question[] {
  const [pair] = pairs(1);
  if (pair === undefined) return [];
  const bucketArn = `arn:aws:s3:::${pair.destinationBucket}`;
  const onObject = (action: string) => ({
    action,
    resource: `${bucketArn}/reports/2026/11.csv`,
    service: "s3" as const,
  });
  const role = [roleS3Policy(pair), roleKeyPolicy(pair, KEY, KEY)];
  const foreign = foreignPolicy(bucketArn);
  const ask = (
    { action, resource, service }: { action: string; resource: string; service: "s3" | "kms" },
    identity: readonly object[],
    kind: "bucket" | "key",
    ofResource: object,
  ): Question => {
    const named = (document: object): NamedPolicy => ({
      name: "policy",
      document: parse(document, "policy"),
    });
    return {
      request: {
        principal: {
          kind: "role",
          roleArn: `arn:aws:iam::${SOURCE.accountId}:role/${pair.roleName}`,
          sessionName: "s3-replication",
        },
        action,
        resource,
        resourceAccount: DESTINATION.accountId,
        context: {
          ...contextOf({ service, region: DESTINATION.region }),
          ...(kind === "key"
            ? { "kms:EncryptionContext:aws:s3:arn": { state: "known", values: [bucketArn] } as const }
            : {}),
        },
      },
      policies: {
        identity: identity.map(named),
        boundary: null,
        resource: { kind, policy: named(ofResource) },
      },
      texts: [...identity, ofResource].map((document) => JSON.stringify(document)),
    };
  };
  const encrypt = { action: "kms:Encrypt", resource: KEY, service: "kms" as const };
  return [
    ask(onObject("s3:ReplicateObject"), role, "bucket", destinationBucketPolicy(pair)),
    ask(onObject("s3:ReplicateTags"), role, "bucket", destinationBucketPolicy(pair)),
    ask(onObject("s3:ReplicateDelete"), role, "bucket", destinationBucketPolicy(pair)),
    ask(encrypt, role, "key", destinationKeyPolicy(pair)),
    ask(onObject("s3:ReplicateObject"), role, "bucket", foreign),
    ask(onObject("s3:ReplicateObject"), [foreignPolicy(bucketArn, false), ...role], "bucket", foreign),
  ];
}

/** 50 statements with 20 conditions between them, about many people and prefixes. */
function foreignPolicy(bucketArn: string, withPrincipals = true): object {
  return {
    Version: "2012-10-17",
    Statement: Array.from({ length: 50 }, (_, index) => ({
      Sid: `Team${index}`,
      Effect: index % 10 === 0 ? "Deny" : "Allow",
      ...(withPrincipals
        ? { Principal: index % 10 === 0 ? "*" : { AWS: `arn:aws:iam::${100_000_000_000 + index}:root` } }
        : {}),
      Action: ["s3:GetObject*", "s3:PutObject", "s3:Replicate*", "s3:DeleteObjectVersion"],
      Resource: [`${bucketArn}/team-${index}/*`, `${bucketArn}/shared/*/team-${index}/*.parquet`],
      ...(index % 5 < 2 ? { Condition: conditionOf(index) } : {}),
    })),
  };
}

function conditionOf(index: number): object {
  return (
    [
      { Bool: { "aws:SecureTransport": "false" } },
      {
        StringLike: {
          "aws:PrincipalArn": [`arn:aws:iam::*:role/team-${index}-*`, "arn:aws:iam::*:role/admin"],
        },
      },
      { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"] } },
      { StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } },
    ][index % 4] ?? {}
  );
}
