/** KMS's resources: one entry a type. */
import { parseArn, partitionOfRegion } from "../naming/arn";
import { accountRootArnOf } from "../naming/names";
import { checked } from "../input/schemaProblems";
import type { KeyState } from "../snapshot/snapshot";
import { GRANT } from "../snapshot/snapshotSchema";
import { markRead, markUnread, Unread } from "../snapshot/unread";
import { assertPrincipalsExist } from "./principals";
import {
  deployedArn,
  describe,
  type Handler,
  keyArnOf,
  keyOf,
  type ResourceInputs,
  type Site,
} from "./handler";
import { asDocument, at, either, findUnread, listOf, text, textOr, uniqueId } from "./values";

/**
 * What KMS gives a key that is made without a policy.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
function defaultPolicy(region: string, accountId: string): Record<string, unknown> {
  return {
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: accountRootArnOf(partitionOfRegion(region), accountId) },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  };
}

/** A key of any of the classes that make one. */
function newKey(
  more: (resource: ResourceInputs) => { readonly keyId?: string; readonly state: unknown },
): Handler {
  return (site, resource) => {
    const { inputs, accountId, region, name, deployed } = resource;
    const { keyId: ownId, state } = more(resource);
    const keyId = textOr(deployed?.outputs.keyId, ownId ?? uniqueId(accountId, region, name));
    const arn =
      deployedArn(resource, "kms") ??
      `arn:${partitionOfRegion(region)}:kms:${region}:${accountId}:key/${keyId}`;
    const key: KeyState = {
      account: accountId,
      region,
      manager: "CUSTOMER",
      policy: defaultPolicy(region, accountId),
      state: state === false ? "Disabled" : "Enabled",
      multiRegion: inputs.multiRegion === true || keyId.startsWith("mrk-"),
    };
    if (state instanceof Unread) markUnread(key, "state");
    const policy = at(inputs, "policy") ?? at(deployed?.outputs, "policy");
    if (policy !== undefined && policy !== "") setPolicy(site, key, policy);
    site.snapshot.keys[arn] = key;
    return { id: keyId, outputs: { arn, keyId } };
  };
}

function setPolicy(site: Site, key: KeyState, policy: unknown): void {
  const document = asDocument(policy, "resource");
  assertPrincipalsExist(
    site,
    document,
    (arn) =>
      `MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals: ${arn}`,
  );
  key.policy = document;
  if (findUnread(policy) === undefined) markRead(key, "policy");
  else markUnread(key, "policy");
}

/** A replica has the id of its primary, in another Region. */
function primaryId({ inputs }: ResourceInputs): string | undefined {
  const arn = typeof inputs.primaryKeyArn === "string" ? parseArn(inputs.primaryKeyArn) : undefined;
  return arn?.resource.startsWith("key/") === true ? arn.resource.slice("key/".length) : undefined;
}

const replicaKey = newKey((resource) => ({ keyId: primaryId(resource), state: resource.inputs.enabled }));

/** A key of imported material cannot be used before the material is there. */
const externalKey = newKey(({ inputs }) => ({
  state: inputs.keyMaterialBase64 === undefined ? false : inputs.enabled,
}));

const keyPolicy: Handler = (site, resource) => {
  const key = keyOf(site, resource);
  if (key === undefined) {
    site.notes.strayKeySettings.push({ accountId: resource.accountId, setting: "policy" });
  } else setPolicy(site, key, resource.inputs.policy);
  return { id: text(resource.inputs.keyId), outputs: {} };
};

const grant: Handler = (site, resource) => {
  const { inputs, name, deployed } = resource;
  const id = deployed?.id ?? uniqueId(text(inputs.keyId), name);
  const key = keyOf(site, resource);
  if (key === undefined) {
    site.notes.strayKeySettings.push({ accountId: resource.accountId, setting: "grants" });
    return { id, outputs: { grantId: id } };
  }
  const constraints = either(inputs, "constraints");
  const said = {
    granteePrincipal: inputs.granteePrincipal,
    operations: listOf(inputs.operations),
    ...(constraints === undefined
      ? {}
      : {
          constraints: Object.fromEntries(
            ["encryptionContextEquals", "encryptionContextSubset"].flatMap((field) => {
              const value = at(constraints, field);
              return value === undefined || Object.keys(value as object).length === 0 ? [] : [[field, value]];
            }),
          ) as unknown,
        }),
  };
  if (findUnread([said, constraints]) !== undefined) markUnread(key, "grants");
  else (key.grants ??= []).push(checked(GRANT, said, describe(resource)));
  return { id, outputs: { grantId: id } };
};

const alias: Handler = ({ notes, ...site }, resource) => {
  const { inputs, accountId, region, name } = resource;
  const prefix = textOr(inputs.namePrefix, `alias/${name}-`);
  const aliasName = textOr(inputs.name, `${prefix}${uniqueId(accountId, name).slice(0, 7)}`);
  const arn =
    deployedArn(resource, "kms") ??
    `arn:${partitionOfRegion(region)}:kms:${region}:${accountId}:${aliasName}`;
  const keyArn = keyArnOf({ notes, ...site }, inputs.targetKeyId, accountId, region);
  if (keyArn !== undefined) notes.aliases.set(arn, keyArn);
  return { id: aliasName, outputs: { arn, name: aliasName, targetKeyArn: keyArn ?? "" } };
};

export const KMS_RESOURCES: Readonly<Record<string, Handler>> = {
  "aws:kms/key:Key": newKey(({ inputs }) => ({ state: inputs.isEnabled })),
  "aws:kms/replicaKey:ReplicaKey": replicaKey,
  "aws:kms/externalKey:ExternalKey": externalKey,
  "aws:kms/replicaExternalKey:ReplicaExternalKey": newKey((resource) => ({
    keyId: primaryId(resource),
    state: resource.inputs.keyMaterialBase64 === undefined ? false : resource.inputs.enabled,
  })),
  "aws:kms/keyPolicy:KeyPolicy": keyPolicy,
  "aws:kms/grant:Grant": grant,
  "aws:kms/alias:Alias": alias,
};

/** Policies and grants of keys that nobody could name: of each key of the account they may be. */
export function finishKeys({ snapshot, notes }: Site): void {
  for (const { accountId, setting } of notes.strayKeySettings) {
    for (const key of Object.values(snapshot.keys)) {
      if (key.account !== accountId) continue;
      if (setting === "policy")
        key.policy = asDocument(new Unread("a policy of a key that is not known yet"), "resource");
      markUnread(key, setting);
    }
  }
}
