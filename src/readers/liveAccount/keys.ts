/** Keys as KMS says them: state, policy, and the grants that may let a replication role use them. */
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  type GrantListEntry,
  paginateListGrants,
} from "@aws-sdk/client-kms";
import type { AwsAccount } from "../../aws/account";
import { parseArn } from "../../naming/arn";
import { KEY_STATES } from "../../snapshot/keyStates";
import type { KeyState, Snapshot } from "../../snapshot/snapshot";
import { markUnread, Unread, unreadPolicy } from "../../snapshot/unread";
import { allOf, type Questions } from "../../aws/questions";

/** What is known of a key before KMS says a word. */
export interface KeyPlace {
  /** Whoever is asked; the owner, where the owner's account can be entered. */
  readonly account: AwsAccount;
  readonly region: string;
  /** Account id of the roles that grants matter of. */
  readonly granteeAccount: string;
}

/**
 * Puts a key into the snapshot.
 * @param keyId ARN, alias ARN, key id or alias, as it was written.
 * @returns ARN of the key, where KMS says it or it was given.
 */
export async function readKey(
  questions: Questions,
  { account, region, granteeAccount }: KeyPlace,
  keyId: string,
  snapshot: Snapshot,
): Promise<string | undefined> {
  const given = parseArn(keyId);
  const isKeyArn = given?.service === "kms" && given.resource.startsWith("key/");
  if (isKeyArn && (Object.hasOwn(snapshot.keys, keyId) || snapshot.absent?.includes(keyId) === true)) {
    return keyId;
  }
  const kms = await account.kms(given?.region ?? region);
  const question = { account, action: "kms:DescribeKey", resource: keyId };
  const said = await questions.ask(question, (options) =>
    kms.send(new DescribeKeyCommand({ KeyId: keyId }), options),
  );
  // Only to its own account KMS says for sure that there is no such key.
  const answer =
    said === undefined && given !== undefined && given.accountId !== account.id
      ? questions.unread({
          caller: account.callerArn,
          action: question.action,
          resource: keyId,
          refused: true,
          reason: `NotFoundException, asked from account ${account.id}`,
        })
      : said;
  const found = answer instanceof Unread ? undefined : answer?.KeyMetadata;
  const arn = found?.Arn ?? (isKeyArn ? keyId : undefined);
  if (answer === undefined) {
    (snapshot.absent ??= []).push(keyId);
    return arn;
  }
  if (arn === undefined) return undefined;
  const { accountId: owner, region: home } = parseArn(arn)!;
  const key: KeyState = {
    account: owner,
    region: home,
    manager: found?.KeyManager ?? "CUSTOMER",
    policy: unreadPolicy("resource", "a key policy that was not read"),
    state: KEY_STATES[found?.KeyState ?? ""] ?? "Enabled",
    multiRegion: found?.MultiRegion ?? arn.includes(":key/mrk-"),
  };
  snapshot.keys[arn] = key;
  // Of an asymmetric key, or in a state that is not known here, nobody can tell whether S3 may use it.
  const isUsual = (found?.KeySpec ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT";
  if (!isUsual || !Object.hasOwn(KEY_STATES, found?.KeyState ?? "")) markUnread(key, "state");
  await Promise.all([
    readPolicy(questions, account, arn, key),
    readGrants(questions, account, arn, key, granteeAccount),
  ]);
  return arn;
}

async function readPolicy(
  questions: Questions,
  account: AwsAccount,
  arn: string,
  key: KeyState,
): Promise<void> {
  const kms = await account.kms(key.region);
  const answer = await questions.ask({ account, action: "kms:GetKeyPolicy", resource: arn }, (options) =>
    kms.send(new GetKeyPolicyCommand({ KeyId: arn, PolicyName: "default" }), options),
  );
  if (answer instanceof Unread || answer?.Policy === undefined) markUnread(key, "policy");
  else key.policy = JSON.parse(answer.Policy);
}

async function readGrants(
  questions: Questions,
  account: AwsAccount,
  arn: string,
  key: KeyState,
  granteeAccount: string,
): Promise<void> {
  const client = await account.kms(key.region);
  const grants = await questions.ask({ account, action: "kms:ListGrants", resource: arn }, (options) =>
    allOf(paginateListGrants({ client }, { KeyId: arn }, options), (page) => page.Grants),
  );
  if (grants instanceof Unread) {
    markUnread(key, "grants");
    return;
  }
  // A key of a busy account has thousands, for the services that its own people use; those to others repeat themselves.
  const foreign = new Set<string>();
  const ofAccount = (grants ?? []).filter(({ GranteePrincipal = "", Operations, Constraints }) => {
    const account = parseArn(GranteePrincipal)?.accountId ?? GranteePrincipal;
    if (account === granteeAccount) return true;
    const id = JSON.stringify([GranteePrincipal, Operations, Constraints]);
    if (!/^\d{12}$/.test(account) || account === key.account || foreign.has(id)) return false;
    foreign.add(id);
    return true;
  });
  // What binds a grant to one resource is no part of a snapshot, and without it the grant would read as wider than it is.
  const plain = ofAccount.filter(({ Constraints }) => Constraints?.SourceArn === undefined);
  if (plain.length < ofAccount.length) markUnread(key, "grants");
  if (plain.length > 0) key.grants = plain.map(toGrant);
}

function toGrant({ GranteePrincipal = "", Operations = [], Constraints }: GrantListEntry) {
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = Constraints ?? {};
  const constraints = {
    ...(equals === undefined ? {} : { encryptionContextEquals: equals }),
    ...(subset === undefined ? {} : { encryptionContextSubset: subset }),
  };
  return {
    granteePrincipal: GranteePrincipal,
    operations: [...Operations],
    ...(Object.keys(constraints).length === 0 ? {} : { constraints }),
  };
}
