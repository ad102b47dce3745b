/** What an attribute of a name refers to, where its value is known only after the apply. */

export interface Reference {
  /** Types that it may refer to. */
  readonly types: RegExp;
  readonly by: "id" | "arn";
}

const BUCKET =
  /^aws_s3_bucket(_(versioning|policy|public_access_block|ownership_controls|acl|server_side_encryption_configuration|object_lock_configuration|replication_configuration))?$/;
const KEY = /^aws_kms_((replica_)?(external_)?key|alias)$/;

const REFERENCES: Readonly<Record<string, Reference>> = {
  bucket: { types: BUCKET, by: "id" },
  key_id: { types: KEY, by: "arn" },
  target_key_id: { types: KEY, by: "arn" },
  kms_master_key_id: { types: KEY, by: "arn" },
  replica_kms_key_id: { types: KEY, by: "arn" },
  primary_key_arn: { types: KEY, by: "arn" },
  role: { types: /^aws_iam_role$/, by: "arn" },
  role_name: { types: /^aws_iam_role$/, by: "id" },
  roles: { types: /^aws_iam_role$/, by: "id" },
  grantee_principal: { types: /^aws_iam_role$/, by: "arn" },
  policy_arn: { types: /^aws_iam_policy$/, by: "arn" },
  policy_arns: { types: /^aws_iam_policy$/, by: "arn" },
  managed_policy_arns: { types: /^aws_iam_policy$/, by: "arn" },
  permissions_boundary: { types: /^aws_iam_policy$/, by: "arn" },
  policy_id: { types: /^aws_organizations_policy$/, by: "id" },
};

/** @param path Names from the attribute down to the value. */
export function referenceOf(path: readonly string[]): Reference | undefined {
  const name = path.at(-1) ?? "";
  const reference = Object.hasOwn(REFERENCES, name) ? REFERENCES[name] : undefined;
  return name === "bucket" && path.includes("destination") ? { types: BUCKET, by: "arn" } : reference;
}

/** Attributes that hold a policy document. */
export function isDocument(path: readonly string[]): boolean {
  return ["policy", "assume_role_policy", "content"].includes(path.at(-1) ?? "");
}
