/** A resource as the engine shows it to the pack, and the classes that the pack reads. */
import { PolicyProviderResource, PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { Field, Unknown, readProperty, unknownValue } from "./values";

/** The tokens that the pack reads, by what they set. Every class is listed with its V2 twin. */
export const types = {
  buckets: ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"],
  versioning: ["aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2"],
  encryption: [
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
  ],
  bucketPolicies: ["aws:s3/bucketPolicy:BucketPolicy"],
  publicAccessBlocks: ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"],
  accountPublicAccessBlocks: ["aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"],
  ownership: ["aws:s3/bucketOwnershipControls:BucketOwnershipControls"],
  replication: ["aws:s3/bucketReplicationConfig:BucketReplicationConfig"],
  notifications: ["aws:s3/bucketNotification:BucketNotification"],
  keys: ["aws:kms/key:Key"],
  allKeys: ["aws:kms/key:Key", "aws:kms/externalKey:ExternalKey", "aws:kms/replicaKey:ReplicaKey"],
  aliases: ["aws:kms/alias:Alias"],
  keyPolicies: ["aws:kms/keyPolicy:KeyPolicy"],
  roles: ["aws:iam/role:Role"],
  rolePolicies: ["aws:iam/rolePolicy:RolePolicy"],
  managedPolicies: ["aws:iam/policy:Policy"],
  rolePolicyAttachments: ["aws:iam/rolePolicyAttachment:RolePolicyAttachment"],
  policyAttachments: ["aws:iam/policyAttachment:PolicyAttachment"],
  alarms: ["aws:cloudwatch/metricAlarm:MetricAlarm"],
} as const satisfies Record<string, readonly string[]>;

/** A resource as a rule reads it, the same in a resource policy and in a stack policy. */
export class Resource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  private readonly props: object;
  private readonly propertyDependencies?: Record<string, PolicyResource[]>;
  private readonly providerResource?: PolicyProviderResource;

  constructor(source: ResourceValidationArgs | PolicyResource) {
    this.type = source.type;
    this.name = source.name;
    this.urn = source.urn;
    this.props = source.props;
    this.providerResource = source.provider;
    if ("propertyDependencies" in source) this.propertyDependencies = source.propertyDependencies;
  }

  /**
   * The engine asks no provider whose settings are unknown in a preview, and tells a stack's rules nothing of what such a
   * provider will make: not even what the program sets.
   */
  get isUnknown(): boolean {
    return this.propertyDependencies !== undefined && Object.keys(this.props).length === 0;
  }

  prop(name: string): Field {
    const value = this.isUnknown ? unknownValue(name, this.name) : readProperty(this.props, name, this.name);
    return new Field(value, name);
  }

  /**
   * A property that the provider fills in where the program leaves it out. In a stack's preview such a property is
   * unknown although the program never set it; a property that the program did set lists what it came from.
   */
  optional(name: string): Field {
    const field = this.prop(name);
    const computed = field.unknown && this.propertyDependencies && this.dependencies(name).length === 0;
    return computed && !this.isUnknown ? new Field(undefined, name) : field;
  }

  /** The resources that a property came from, known also while its value is not. */
  dependencies(property: string): readonly PolicyResource[] {
    return this.propertyDependencies?.[property] ?? [];
  }

  get provider(): Provider | undefined {
    return this.providerResource && new Provider(this.providerResource);
  }
}

export class Provider {
  readonly urn: string;
  readonly name: string;
  readonly type: string;
  private readonly props: object;

  constructor(source: PolicyProviderResource) {
    this.urn = source.urn;
    this.name = source.name;
    this.type = source.type;
    this.props = source.props;
  }

  prop(name: string): Field {
    return new Field(readProperty(this.props, name, this.name), name);
  }

  /** The accounts that the provider is pinned to: a list, or the JSON text of one as Node.js programs send it. */
  get pinnedAccounts(): readonly string[] | Unknown {
    const field = this.prop("allowedAccountIds");
    if (field.unknown) return field.unknown;
    const items = field.text === undefined ? field.items() : parseList(field.text, this.name);
    for (const item of items) if (item.unknown) return item.unknown;
    return items.map((item) => item.text).filter((id) => id !== undefined);
  }
}

/** The accounts that a resource is known to be in. Empty where nothing says so. */
export function ownAccounts(resource: Resource, configured: readonly string[]): ReadonlySet<string> {
  const pinned = resource.provider?.pinnedAccounts;
  return new Set([...configured, ...(pinned === undefined || pinned instanceof Unknown ? [] : pinned)]);
}

function parseList(text: string, owner: string): Field[] {
  try {
    const list = readProperty({ list: JSON.parse(text) as unknown }, "list", owner);
    return new Field(list, "allowedAccountIds").items();
  } catch {
    return [new Field(text, "allowedAccountIds")];
  }
}
