/** KMS's resources of the AWS provider, as the calls that they come to. */
import { parseArn, partitionOfRegion } from "../../naming/arn";
import { uniqueId } from "../../naming/uniqueId";
import { Unread } from "../../snapshot/unread";
import { at, either, filled, listOf, textAt, textOr } from "./attributes";
import {
  callOf,
  deployedArn,
  type MappedResource,
  type Mapper,
  nameOf,
  type ProviderResource,
} from "./providerResource";

/** A key of any of the classes that make one. @param enabled Attribute that says whether it is to be enabled. */
function newKey(enabled: (resource: ProviderResource) => unknown, isReplica = false): Mapper {
  return (resource) => {
    const { attributes, accountId, region, name, deployed } = resource;
    const primary = isReplica ? primaryId(resource) : undefined;
    const KeyId = textAt(deployed?.outputs, "key_id") || (primary ?? uniqueId(accountId, region, name));
    const Arn =
      deployedArn(resource, "kms") ??
      `arn:${partitionOfRegion(region)}:kms:${region}:${accountId}:key/${KeyId}`;
    const Policy = at(attributes, "policy") ?? at(deployed?.outputs, "policy");
    const create = isReplica
      ? callOf(resource, "kms:ReplicateKey", { KeyId, Arn, Policy })
      : callOf(resource, "kms:CreateKey", {
          KeyId,
          Arn,
          Policy,
          MultiRegion: at(attributes, "multi_region") === true,
          KeySpec: filled(at(attributes, "customer_master_key_spec")),
        });
    const isEnabled = enabled(resource);
    const disable =
      isEnabled instanceof Unread
        ? [callOf(resource, "kms:DisableKey", { KeyId: Arn, Disabled: isEnabled })]
        : isEnabled === false
          ? [callOf(resource, "kms:DisableKey", { KeyId: Arn })]
          : [];
    return { calls: [create, ...disable], id: KeyId, outputs: { arn: Arn, keyId: KeyId } };
  };
}

/** A key that a data source looks up, which tells everything of it but its policy. */
function seenKey(resource: ProviderResource): MappedResource {
  const { attributes, subject } = resource;
  const Arn = textAt(attributes, "arn");
  const { accountId, region } = parseArn(Arn) ?? resource;
  const KeyId = Arn.slice(Arn.lastIndexOf("/") + 1);
  const inItsPlace = { ...resource, accountId, region };
  const create = callOf(inItsPlace, "kms:CreateKey", {
    KeyId,
    Arn,
    Policy: new Unread(`the policy of the key that ${subject} looks up`),
    MultiRegion: at(attributes, "multi_region") === true,
    KeyManager: at(attributes, "key_manager"),
    KeySpec: filled(at(attributes, "key_spec") ?? at(attributes, "customer_master_key_spec")),
  });
  const disable =
    at(attributes, "enabled") === false ? [callOf(inItsPlace, "kms:DisableKey", { KeyId: Arn })] : [];
  return { calls: Arn === "" ? [] : [create, ...disable], id: KeyId, outputs: { arn: Arn, keyId: KeyId } };
}

/** Only a data source says what manages a key. */
const keyOrSight: Mapper = (resource) =>
  resource.deployed?.external === true && at(resource.attributes, "key_manager") !== undefined
    ? seenKey(resource)
    : newKey(({ attributes }) => at(attributes, "is_enabled"))(resource);

/** A replica has the id of its primary, in another Region. */
function primaryId({ attributes }: ProviderResource): string | undefined {
  const primary = at(attributes, "primary_key_arn");
  const arn = typeof primary === "string" ? parseArn(primary) : undefined;
  return arn?.resource.startsWith("key/") === true ? arn.resource.slice("key/".length) : undefined;
}

/** A key of imported material cannot be used before the material is there. */
const ofMaterial = ({ attributes }: ProviderResource) =>
  at(attributes, "key_material_base64") === undefined ? false : at(attributes, "enabled");

const keyPolicy: Mapper = (resource) => {
  const KeyId = at(resource.attributes, "key_id");
  const call = callOf(resource, "kms:PutKeyPolicy", { KeyId, Policy: at(resource.attributes, "policy") });
  return { calls: [call], id: textOr(KeyId, ""), outputs: {} };
};

const grant: Mapper = (resource) => {
  const { attributes, name, deployed } = resource;
  const KeyId = at(attributes, "key_id");
  const id = deployed?.id ?? uniqueId(textOr(KeyId, ""), name);
  const constraints = either(attributes, "constraints");
  const call = callOf(resource, "kms:CreateGrant", {
    KeyId,
    GranteePrincipal: at(attributes, "grantee_principal"),
    Operations: listOf(at(attributes, "operations")),
    ...(constraints === undefined
      ? {}
      : {
          Constraints:
            constraints instanceof Unread
              ? constraints
              : {
                  EncryptionContextEquals: at(constraints, "encryption_context_equals"),
                  EncryptionContextSubset: at(constraints, "encryption_context_subset"),
                },
        }),
  });
  return { calls: [call], id, outputs: { grantId: id } };
};

const alias: Mapper = (resource) => {
  const { attributes, accountId, region } = resource;
  const AliasName = nameOf(resource, "name", "alias/");
  const arnOf = (rest: string) => `arn:${partitionOfRegion(region)}:kms:${region}:${accountId}:${rest}`;
  const arn = deployedArn(resource, "kms") ?? arnOf(AliasName);
  const TargetKeyId = at(attributes, "target_key_id");
  const target = filled(TargetKeyId);
  const targetKeyArn =
    typeof target !== "string" ? "" : target.startsWith("arn:") ? target : arnOf(`key/${target}`);
  return {
    calls: [callOf(resource, "kms:CreateAlias", { AliasName, TargetKeyId })],
    id: AliasName,
    outputs: { arn, name: AliasName, targetKeyArn },
  };
};

export const KMS_RESOURCES: Readonly<Record<string, Mapper>> = {
  aws_kms_key: keyOrSight,
  aws_kms_replica_key: newKey(({ attributes }) => at(attributes, "enabled"), true),
  aws_kms_external_key: newKey(ofMaterial),
  aws_kms_replica_external_key: newKey(ofMaterial, true),
  aws_kms_key_policy: keyPolicy,
  aws_kms_grant: grant,
  aws_kms_alias: alias,
};
