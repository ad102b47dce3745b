/** What KMS's calls do to an account. */
import { partitionOfRegion } from "../naming/arn";
import { accountRootArnOf } from "../naming/names";
import { show } from "../input/problems";
import { checked } from "../input/schemaProblems";
import type { KeyState } from "../snapshot/snapshot";
import { GRANT } from "../snapshot/snapshotSchema";
import { isUnreadPolicy, markRead, markUnread, Unread, unreadPolicy } from "../snapshot/unread";
import type { AnyCall } from "./calls";
import { keyArnOf, keyOf } from "./lookUp";
import { assertPrincipalsExist } from "./principals";
import { type Handler, noteSetting, type Site } from "./site";
import { asDocument } from "./policyDocuments";
import { at, listOf } from "./values";

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

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html */
const SYMMETRIC = "SYMMETRIC_DEFAULT";

const createKey: Handler<"kms:CreateKey"> = (site, call) => {
  const { KeyId, Arn, Policy, MultiRegion, KeyManager, KeySpec } = call.parameters;
  // What somebody only looks at says less than what makes it.
  if (call.known === "external" && Object.hasOwn(site.snapshot.keys, Arn)) return;
  addKey(site, call, Arn, MultiRegion === true || KeyId.startsWith("mrk-"), Policy);
  const key = site.snapshot.keys[Arn];
  if (key === undefined) return;
  if (KeyManager === "AWS") key.manager = "AWS";
  if (KeySpec === undefined || KeySpec === SYMMETRIC) return;
  markUnread(key, "state");
  const why =
    KeySpec instanceof Unread
      ? KeySpec.why
      : `its KeySpec is ${show(KeySpec)}, and S3 encrypts with keys of ${SYMMETRIC} alone`;
  site.notes.places.noteUnknown(Arn, "state", { why, place: call.place });
};

const replicateKey: Handler<"kms:ReplicateKey"> = (site, call) => {
  const { KeyId, Arn, Policy } = call.parameters;
  addKey(site, call, Arn, KeyId.startsWith("mrk-"), Policy);
};

function addKey(site: Site, call: AnyCall, arn: string, multiRegion: boolean, policy: unknown): void {
  const { account, region } = call;
  const key: KeyState = {
    account,
    region,
    manager: "CUSTOMER",
    policy: defaultPolicy(region, account),
    state: "Enabled",
    multiRegion,
  };
  noteSetting(site, arn, "", call);
  if (policy !== undefined && policy !== "") setPolicy(site, call, arn, key, policy);
  site.snapshot.keys[arn] = key;
}

function setPolicy(site: Site, call: AnyCall, arn: string, key: KeyState, policy: unknown): void {
  const document = asDocument(policy, "resource");
  assertPrincipalsExist(
    site,
    call,
    document,
    (named) =>
      `MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals: ${named}`,
  );
  key.policy = document;
  noteSetting(site, arn, "policy", call, policy);
  if (isUnreadPolicy(document)) markUnread(key, "policy");
  else markRead(key, "policy");
}

const putKeyPolicy: Handler<"kms:PutKeyPolicy"> = (site, call) => {
  const found = keyOf(site, call, call.parameters.KeyId);
  if (found === undefined) site.notes.strayKeySettings.push({ call, setting: "policy" });
  else if (call.known === "planned" && found.state.account !== call.account) {
    (site.snapshot.unread ??= []).push(
      `${call.subject} puts the policy of ${found.arn} from the account ${call.account}, and KMS takes it from the key's own account alone: it does not count; put it from ${found.state.account}`,
    );
  } else setPolicy(site, call, found.arn, found.state, call.parameters.Policy);
};

const disableKey: Handler<"kms:DisableKey"> = (site, call) => {
  const found = keyOf(site, call, call.parameters.KeyId);
  if (found === undefined) return;
  const { arn, state } = found;
  if (noteSetting(site, arn, "state", call, call.parameters.Disabled) === undefined) state.state = "Disabled";
  else markUnread(state, "state");
};

const createGrant: Handler<"kms:CreateGrant"> = (site, call) => {
  const { KeyId, GranteePrincipal, Operations, Constraints } = call.parameters;
  const found = keyOf(site, call, KeyId);
  if (found === undefined) {
    site.notes.strayKeySettings.push({ call, setting: "grants" });
    return;
  }
  const said = {
    granteePrincipal: GranteePrincipal,
    operations: listOf(Operations),
    ...(Constraints === undefined ? {} : { constraints: constraintsOf(Constraints) }),
  };
  const { arn, state } = found;
  if (noteSetting(site, arn, "grants", call, [said, Constraints]) !== undefined) markUnread(state, "grants");
  else (state.grants ??= []).push(checked(GRANT, said, call.subject));
};

const CONSTRAINTS = {
  EncryptionContextEquals: "encryptionContextEquals",
  EncryptionContextSubset: "encryptionContextSubset",
};

function constraintsOf(constraints: unknown): unknown {
  return Object.fromEntries(
    Object.entries(CONSTRAINTS).flatMap(([given, field]) => {
      const value = at(constraints, given);
      return value === undefined || Object.keys(value as object).length === 0 ? [] : [[field, value]];
    }),
  );
}

const createAlias: Handler<"kms:CreateAlias"> = (site, call) => {
  const { parameters, account, region } = call;
  const arn = `arn:${partitionOfRegion(region)}:kms:${region}:${account}:${parameters.AliasName}`;
  const keyArn = keyArnOf(site, parameters.TargetKeyId, account, region);
  if (keyArn === undefined) return;
  site.notes.aliases.set(arn, keyArn);
  if (!parameters.AliasName.startsWith("alias/aws/") || Object.hasOwn(site.snapshot.keys, keyArn)) return;
  // Names of that form are those of AWS managed keys alone.
  const Policy = new Unread("the policy of an AWS managed key");
  createKey(site, {
    ...call,
    operation: "kms:CreateKey",
    parameters: { KeyId: keyArn, Arn: keyArn, Policy, KeyManager: "AWS" },
  });
};

export const KMS_CALLS = {
  "kms:CreateKey": createKey,
  "kms:ReplicateKey": replicateKey,
  "kms:DisableKey": disableKey,
  "kms:PutKeyPolicy": putKeyPolicy,
  "kms:CreateGrant": createGrant,
  "kms:CreateAlias": createAlias,
};

/** Policies and grants of keys that nobody could name: of each key of the account they may be. */
export function finishKeys({ snapshot, notes }: Site): void {
  for (const { call, setting } of notes.strayKeySettings.splice(0)) {
    for (const [arn, key] of Object.entries(snapshot.keys)) {
      if (key.account !== call.account) continue;
      if (setting === "policy")
        key.policy = unreadPolicy("resource", "a policy of a key that is not known yet");
      markUnread(key, setting);
      notes.places.noteUnknown(arn, setting, {
        why: "it may be set by a resource whose key is not known yet",
        place: call.place,
      });
    }
  }
}
