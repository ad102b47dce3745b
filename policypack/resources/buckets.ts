/** Buckets of a stack with their settings, wherever these are written. */
import { covers, readDocument } from "./policyDocument";
import { PlacedReplication, ReplicationRule, readableRules, replications } from "./replication";
import { Resource, types } from "./resource";
import { BucketMatch, Stack } from "./stack";
import { Answer, Field, Unknown, Unreadable } from "./values";

/** A property, and the resource that holds it: the bucket itself or a resource of its own. */
export interface Setting {
  resource: Resource;
  field: Field;
}

/** The property that holds a bucket's default encryption, by class. */
const ENCRYPTION: Record<string, string> = {
  [types.encryption[0]]: "rules",
  [types.encryption[1]]: "rules",
  [types.buckets[0]]: "serverSideEncryptionConfiguration",
  [types.buckets[1]]: "serverSideEncryptionConfigurations",
};

/** The classes that can say how a bucket encrypts. */
export const encryptionTypes = Object.keys(ENCRYPTION);

/** The encryption rules that a resource sets, in whichever class. A bucket has at most one; more are all returned. */
export function encryptionRules(resource: Resource): Field[] {
  const property = ENCRYPTION[resource.type];
  if (property === undefined) return [];
  if (property === "rules") return resource.prop(property).items();
  const block = resource.optional(property);
  if (block.isMissing) return [];
  return block.get(resource.type === types.buckets[0] ? "rule" : "rules").items();
}

/** The default that an encryption rule sets, `applyServerSideEncryptionByDefault` by its V1 or its V2 name. */
export function encryptionDefault(resource: Resource, rule: Field): Field {
  const plural = resource.type === types.buckets[1];
  return rule.get(plural ? "applyServerSideEncryptionByDefaults" : "applyServerSideEncryptionByDefault");
}

/** Where a bucket's policy is set. Only what sets it counts: a policy of its own hides the bucket's own property. */
export function bucketPolicies(stack: Stack, bucket: Resource): Setting[] {
  const separate = stack.settings(types.bucketPolicies).for(bucket);
  if (separate.length > 0) return separate.map((resource) => ({ resource, field: resource.prop("policy") }));
  const field = bucket.optional("policy");
  return field.isMissing ? [] : [{ resource: bucket, field }];
}

/** The classes that hold a bucket policy. */
export const bucketPolicyTypes: readonly string[] = [...types.bucketPolicies, ...types.buckets];

/** The bucket that a replication rule copies to. */
export function destinationOf(
  stack: Stack,
  replication: PlacedReplication,
  rule: ReplicationRule,
): BucketMatch {
  return stack.findBucket(replication.resource, replication.property, rule.bucket);
}

/** Tells which buckets of a stack take part in replication: as a source, as a destination, or by their own policy. */
export class Participation {
  private readonly urns = new Set<string>();
  readonly replications: readonly PlacedReplication[];

  constructor(private readonly stack: Stack) {
    this.replications = replications(stack);
    const buckets = new Set(stack.buckets.map(({ urn }) => urn));
    for (const replication of this.replications) {
      if ("bucket" in replication.source) this.urns.add(replication.source.bucket.urn);
      const rules = readableRules(replication);
      for (const rule of rules instanceof Unknown ? [] : rules) {
        const match = destinationOf(stack, replication, rule);
        if ("bucket" in match) this.urns.add(match.bucket.urn);
      }
      // Destinations that are not known yet are among the buckets that the rules came from.
      for (const { urn } of replication.resource.dependencies(replication.property)) {
        if (buckets.has(urn)) this.urns.add(urn);
      }
    }
  }

  of(bucket: Resource): Answer {
    if (this.urns.has(bucket.urn)) return true;
    let unknown: Unknown | undefined;
    for (const { field } of bucketPolicies(this.stack, bucket)) {
      const answer = lets(field, "s3:ReplicateObject");
      if (answer === true) return true;
      if (answer instanceof Unknown) unknown ??= answer;
    }
    return unknown ?? false;
  }
}

/** Whether a policy allows somebody an action. */
function lets(policy: Field, action: string): Answer {
  const statements = readDocument(policy);
  if (statements instanceof Unknown) return statements;
  if (statements === undefined || statements instanceof Unreadable) return false;
  return statements.some(
    ({ effect, actions }) =>
      effect.value === "Allow" && actions.some(({ text }) => text !== undefined && covers(text, action)),
  );
}
