/** Replication rules, in the form of each resource class. */
import { Resource, types } from "./resource";
import { BucketMatch, Stack, bucketKey } from "./stack";
import { Answer, Field, Unknown } from "./values";

/** Where each class keeps the rules and their parts. The V2 class writes every block as a list of one. */
const SHAPES: Record<string, { block?: string; parts: Parts }> = {
  [types.replication[0]]: {
    parts: {
      destination: "destination",
      kms: "sourceSelectionCriteria.sseKmsEncryptedObjects.status",
      replicaKey: "encryptionConfiguration.replicaKmsKeyId",
      account: "account",
      owner: "accessControlTranslation.owner",
      metrics: "metrics.status",
    },
  },
  [types.buckets[0]]: {
    block: "replicationConfiguration",
    parts: {
      destination: "destination",
      kms: "sourceSelectionCriteria.sseKmsEncryptedObjects.enabled",
      replicaKey: "replicaKmsKeyId",
      account: "accountId",
      owner: "accessControlTranslation.owner",
      metrics: "metrics.status",
    },
  },
  [types.buckets[1]]: {
    block: "replicationConfigurations",
    parts: {
      destination: "destinations",
      kms: "sourceSelectionCriterias.sseKmsEncryptedObjects.enabled",
      replicaKey: "replicaKmsKeyId",
      account: "accountId",
      owner: "accessControlTranslations.owner",
      metrics: "metrics.status",
    },
  },
};

interface Parts {
  destination: string;
  kms: string;
  replicaKey: string;
  account: string;
  owner: string;
  metrics: string;
}

/** The classes that can hold replication rules. */
export const replicationTypes = Object.keys(SHAPES);

/** One replication rule, whichever class holds it. */
export class ReplicationRule {
  constructor(
    readonly field: Field,
    private readonly parts: Parts,
  ) {}

  /** A status that cannot be read counts as enabled, so that the rest of the rule is judged. */
  get enabled(): Answer {
    const status = this.field.get("status");
    return status.unknown ?? status.value !== "Disabled";
  }

  get bucket(): Field {
    return this.destination.get("bucket");
  }
  /** `"Enabled"` or, in the bucket's own properties, `true`. */
  get selectsKmsObjects(): Field {
    return follow(this.field, this.parts.kms);
  }
  get replicaKey(): Field {
    return follow(this.destination, this.parts.replicaKey);
  }
  get account(): Field {
    return follow(this.destination, this.parts.account);
  }
  get owner(): Field {
    return follow(this.destination, this.parts.owner);
  }
  get metrics(): Field {
    return follow(this.destination, this.parts.metrics);
  }

  private get destination(): Field {
    return this.field.get(this.parts.destination);
  }
}

function follow(field: Field, path: string): Field {
  return path.split(".").reduce((at, name) => at.get(name), field);
}

/** The replication configuration of one bucket. */
export interface Replication {
  resource: Resource;
  /** The property of the resource that holds the rules, under which the engine lists what they came from. */
  property: string;
  role: Field;
  roleProperty: string;
  rules: Field | ReplicationRule[];
}

/** What a resource says about replication, or undefined where it says nothing. */
export function readReplication(resource: Resource): Replication | undefined {
  const shape = SHAPES[resource.type];
  if (shape === undefined) return undefined;
  const root = shape.block === undefined ? undefined : resource.optional(shape.block);
  const list = root === undefined ? resource.prop("rules") : root.get("rules");
  if (list.isMissing) return undefined;
  const rules =
    list.unknown || list.entries() !== undefined
      ? list
      : list.items().map((item) => new ReplicationRule(item, shape.parts));
  return {
    resource,
    property: shape.block ?? "rules",
    role: root === undefined ? resource.prop("role") : root.get("role"),
    roleProperty: shape.block ?? "role",
    rules,
  };
}

/** A replication configuration of a stack, with the bucket that it copies from. */
export interface PlacedReplication extends Replication {
  source: BucketMatch;
}

/**
 * All replication configurations of a stack. What a bucket says of itself is left out where a configuration of its
 * own sets it: after a refresh the provider shows the same rules in both places.
 */
export function replications(stack: Stack): PlacedReplication[] {
  const placed = stack.of(types.replication).flatMap((resource) => {
    const replication = readReplication(resource);
    return replication
      ? [{ ...replication, source: stack.findBucket(resource, "bucket", resource.prop("bucket")) }]
      : [];
  });
  const taken = new Set(placed.map(({ source }) => bucketKey(source)));
  for (const bucket of stack.buckets) {
    const replication = taken.has(bucket.urn) ? undefined : readReplication(bucket);
    if (replication) placed.push({ ...replication, source: { bucket } });
  }
  return placed;
}

/** The rules of a configuration that can be read, or the unknown that hides them. */
export function readableRules(replication: Replication): ReplicationRule[] | Unknown {
  if (Array.isArray(replication.rules)) return replication.rules;
  return replication.rules.unknown ?? [];
}
