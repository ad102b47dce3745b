/** Accounts as resources of the AWS provider, and these as a plan and as a pulled state. */
import type { ReplicationConfiguration, ReplicationRuleJson } from "../../../bin/replication/rules";
import type { BucketState, KeyState, RoleState, Snapshot } from "../../../bin/snapshot/snapshot";

type Values = Readonly<Record<string, unknown>>;

export interface WrittenResource {
  readonly type: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly values: Values;
}

export function resourcesOf(snapshot: Snapshot): WrittenResource[] {
  const home = (account: string) =>
    Object.values(snapshot.buckets).find((bucket) => bucket.account === account)?.region ?? "eu-west-1";
  return [
    ...Object.entries(snapshot.keys).flatMap(([arn, key], index) => keyOf(`key${index}`, arn, key)),
    ...Object.entries(snapshot.accounts).flatMap(([account, { roles }]) =>
      Object.entries(roles).flatMap(([arn, role], index) =>
        roleOf(`of${account}role${index}`, { account, region: home(account) }, arn, role),
      ),
    ),
    ...Object.entries(snapshot.buckets).flatMap(([arn, bucket], index) =>
      bucketOf(`bucket${index}`, arn, bucket),
    ),
  ];
}

/** What follows the account in an ARN. */
const resourceOf = (arn: string) => arn.split(":").slice(5).join(":");

function keyOf(name: string, arn: string, key: KeyState): WrittenResource[] {
  const { account, region } = key;
  const place = { name, account, region };
  const keyId = resourceOf(arn).slice("key/".length);
  return [
    {
      ...place,
      type: "aws_kms_key",
      values: {
        id: keyId,
        key_id: keyId,
        arn,
        policy: JSON.stringify(key.policy),
        multi_region: key.multiRegion,
        is_enabled: key.state === "Enabled",
      },
    },
    ...(key.grants ?? []).map(({ granteePrincipal, operations, constraints }, index) => ({
      ...place,
      name: `${name}grant${index}`,
      type: "aws_kms_grant",
      values: {
        id: `${keyId}:${index}`,
        key_id: arn,
        grantee_principal: granteePrincipal,
        operations,
        constraints: [
          {
            encryption_context_equals: constraints?.encryptionContextEquals ?? {},
            encryption_context_subset: constraints?.encryptionContextSubset ?? {},
          },
        ],
      },
    })),
  ];
}

function roleOf(
  name: string,
  place: { readonly account: string; readonly region: string },
  arn: string,
  { trust, policies, policyNames = [] }: RoleState,
): WrittenResource[] {
  const resource = resourceOf(arn);
  const role = resource.slice(resource.lastIndexOf("/") + 1);
  const path = resource.slice("role".length, resource.lastIndexOf("/") + 1);
  return [
    {
      ...place,
      type: "aws_iam_role",
      name,
      values: { id: role, name: role, arn, path, assume_role_policy: JSON.stringify(trust) },
    },
    ...policies.map((policy, index) => {
      const called = policyNames[index] ?? `p${index}`;
      return {
        ...place,
        type: "aws_iam_role_policy",
        name: `${name}policy${index}`,
        values: { id: `${role}:${called}`, name: called, role, policy: JSON.stringify(policy) },
      };
    }),
  ];
}

function bucketOf(name: string, arn: string, bucket: BucketState): WrittenResource[] {
  const { account, region, versioning, ownership, encryption, policy, replication } = bucket;
  const id = resourceOf(arn);
  const setting = (type: string, values: Values | false): WrittenResource[] =>
    values === false
      ? []
      : [{ account, region, name, type: `aws_s3_bucket_${type}`, values: { id, bucket: id, ...values } }];
  const { blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets } =
    bucket.publicAccessBlock ?? {};
  const objectLock = bucket.objectLock;
  return [
    {
      account,
      region,
      name,
      type: "aws_s3_bucket",
      values: { id, bucket: id, arn, region, object_lock_enabled: objectLock },
    },
    ...setting("versioning", versioning !== null && { versioning_configuration: [{ status: versioning }] }),
    ...setting("ownership_controls", { rule: [{ object_ownership: ownership }] }),
    ...setting(
      "public_access_block",
      bucket.publicAccessBlock !== undefined && {
        block_public_acls: blockPublicAcls,
        block_public_policy: blockPublicPolicy,
        ignore_public_acls: ignorePublicAcls,
        restrict_public_buckets: restrictPublicBuckets,
      },
    ),
    ...setting("server_side_encryption_configuration", {
      rule: [
        {
          apply_server_side_encryption_by_default: [
            { sse_algorithm: encryption?.algorithm, kms_master_key_id: encryption?.keyArn ?? "" },
          ],
          bucket_key_enabled: encryption?.bucketKeyEnabled ?? null,
          blocked_encryption_types: bucket.blockedEncryptionTypes ?? [],
        },
      ],
    }),
    ...setting("policy", policy !== null && { policy: JSON.stringify(policy) }),
    ...setting("replication_configuration", replication !== null && replicationOf(replication)),
  ];
}

function replicationOf({ Role: role, Rules }: ReplicationConfiguration): Values {
  return { role, rule: Rules.map(ruleOf) };
}

/** A block, which is a list of one, or of none. */
const block = (value: unknown, values: Values) => (value === undefined ? [] : [values]);

function ruleOf(rule: ReplicationRuleJson): Values {
  const { Destination: to, SourceSelectionCriteria: criteria } = rule;
  const status = (part: { readonly Status?: string } | undefined) => block(part, { status: part?.Status });
  return {
    id: rule.ID,
    priority: rule.Priority ?? null,
    status: rule.Status,
    prefix: rule.Filter === undefined ? (rule.Prefix ?? "") : "",
    filter: block(rule.Filter, {
      prefix: rule.Filter?.Prefix ?? "",
      tag: block(rule.Filter?.Tag, { key: rule.Filter?.Tag?.Key, value: rule.Filter?.Tag?.Value }),
      and: block(rule.Filter?.And, {
        prefix: rule.Filter?.And?.Prefix ?? "",
        tags: Object.fromEntries((rule.Filter?.And?.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
      }),
    }),
    delete_marker_replication: status(rule.DeleteMarkerReplication),
    source_selection_criteria: block(criteria, {
      sse_kms_encrypted_objects: status(criteria?.SseKmsEncryptedObjects),
      replica_modifications: status(criteria?.ReplicaModifications),
    }),
    destination: [
      {
        bucket: to.Bucket,
        account: to.Account ?? "",
        storage_class: to.StorageClass ?? "",
        access_control_translation: block(to.AccessControlTranslation, {
          owner: to.AccessControlTranslation?.Owner,
        }),
        encryption_configuration: block(to.EncryptionConfiguration, {
          replica_kms_key_id: to.EncryptionConfiguration?.ReplicaKmsKeyID,
        }),
        replication_time: block(to.ReplicationTime, {
          status: to.ReplicationTime?.Status,
          time: [{ minutes: to.ReplicationTime?.Time?.Minutes }],
        }),
        metrics: block(to.Metrics, {
          status: to.Metrics?.Status,
          event_threshold: block(to.Metrics?.EventThreshold, {
            minutes: to.Metrics?.EventThreshold?.Minutes,
          }),
        }),
      },
    ],
  };
}

const aliasOf = ({ account, region }: WrittenResource) => `in${account}-${region}`;

const PROVIDER = "registry.terraform.io/hashicorp/aws";

/** What only AWS knows: nobody writes it. */
const isComputed = (name: string) => name === "id" || name === "arn";

/** As `terraform show -json` prints a plan: what has an id that AWS makes up is there already, and the rest is made. */
export function planOf(resources: readonly WrittenResource[]): unknown {
  const isThere = ({ type }: WrittenResource) => /^aws_(kms_key|iam_role)$/.test(type);
  return {
    format_version: "1.2",
    terraform_version: "1.9.8",
    planned_values: { root_module: { resources: resources.map((one) => valuesOf(one, isThere(one))) } },
    resource_changes: resources.map((one) => ({
      ...identityOf(one),
      provider_name: PROVIDER,
      change: isThere(one) ? unchanged(one) : created(one),
    })),
    prior_state: {
      format_version: "1.0",
      terraform_version: "1.9.8",
      values: { root_module: { resources: resources.filter(isThere).map((one) => valuesOf(one, true)) } },
    },
    configuration: {
      provider_config: Object.fromEntries(resources.map((one) => [`aws.${aliasOf(one)}`, providerOf(one)])),
      root_module: {
        resources: resources.map((one) => ({
          ...identityOf(one),
          provider_config_key: `aws.${aliasOf(one)}`,
          expressions: Object.fromEntries(
            Object.entries(written(one)).map(([name, value]) => [name, { constant_value: value }]),
          ),
          schema_version: 0,
        })),
      },
    },
    applyable: true,
    complete: true,
    errored: false,
  };
}

function identityOf({ type, name }: WrittenResource) {
  return { address: `${type}.${name}`, mode: "managed", type, name };
}

function written({ values }: WrittenResource): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !isComputed(name)));
}

function valuesOf(resource: WrittenResource, isThere: boolean) {
  const values = isThere ? resource.values : written(resource);
  return {
    ...identityOf(resource),
    provider_name: PROVIDER,
    schema_version: 0,
    values,
    sensitive_values: unmarked(values),
  };
}

function unchanged({ values }: WrittenResource) {
  const marks = unmarked(values);
  const sensitive = { before_sensitive: marks, after_sensitive: marks };
  return { actions: ["no-op"], before: values, after: values, after_unknown: {}, ...sensitive };
}

function created(resource: WrittenResource) {
  const after = written(resource);
  const unknown = { ...(unmarked(after) as Values), id: true, arn: true };
  const sensitive = { before_sensitive: false, after_sensitive: unmarked(after) };
  return { actions: ["create"], before: null, after, after_unknown: unknown, ...sensitive };
}

/** Mirrors a value, with nothing in it that is unknown or sensitive: Terraform leaves single values out. */
function unmarked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => unmarked(item) ?? false);
  if (typeof value !== "object" || value === null) return undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
      const marks = unmarked(inner);
      return marks === undefined ? [] : [[name, marks] as const];
    }),
  );
}

function providerOf(resource: WrittenResource) {
  return {
    name: "aws",
    full_name: PROVIDER,
    alias: aliasOf(resource),
    expressions: {
      region: { constant_value: resource.region },
      allowed_account_ids: { constant_value: [resource.account] },
    },
  };
}

/** As `terraform state pull` prints a state, which alone tells accounts apart. */
export function stateOf(resources: readonly WrittenResource[]): unknown {
  return {
    version: 4,
    lineage: "1",
    resources: resources.map((resource) => ({
      mode: "managed",
      type: resource.type,
      name: resource.name,
      provider: `provider["${PROVIDER}"].${aliasOf(resource)}`,
      instances: [{ attributes: resource.values, sensitive_attributes: [] }],
    })),
  };
}

/** Accounts of the providers of a state, which does not tell them. */
export function accountsOf(resources: readonly WrittenResource[]): Record<string, string> {
  return Object.fromEntries(resources.map((resource) => [`aws.${aliasOf(resource)}`, resource.account]));
}
