/**
 * Grants of a KMS key: they allow like a statement of its key policy, to one principal.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
 */
import type { RoleCaller } from "./context";
import { heard } from "./layers";
import type { NearMiss, Side, Voice } from "./layers";
import type { Lookup } from "./pattern";
import { isAccount } from "./principal";
import { every, everyOf, undecided } from "./truth";
import type { Truth } from "./truth";
import type { KeyGrant, StatementReference } from "./types";

const ENCRYPTION_CONTEXT = "kms:EncryptionContext:";
const ENCRYPTION_CONTEXT_KEYS = "kms:EncryptionContextKeys";

export interface GrantOutcome {
  /** Grants to the role or its session. */
  readonly role: Side;
  /** Grants to the role's account, which then decides by its own policies. */
  readonly account: Side;
}

export function applyGrants(
  grants: readonly KeyGrant[],
  caller: RoleCaller,
  action: string,
  lookup: Lookup,
): GrantOutcome {
  const found: Record<"role" | "account", { voices: Voice[]; nearMisses: NearMiss[] }> = {
    role: { voices: [], nearMisses: [] },
    account: { voices: [], nearMisses: [] },
  };
  grants.forEach((grant, index) => {
    const grantee = granteeOf(grant, caller);
    if (grantee === undefined || !allowsOperation(grant, action)) {
      return;
    }
    const reference: StatementReference = { layer: "resource", policy: "grant", index, effect: "Allow" };
    const { truth, failingKeys } = testConstraints(grant, lookup);
    if (truth === false) {
      found[grantee].nearMisses.push({ reference, failingKeys });
    } else {
      found[grantee].voices.push({ reference, truth });
    }
  });
  return {
    role: heard("resource", found.role.voices, found.role.nearMisses),
    account: heard("resource", found.account.voices, found.account.nearMisses),
  };
}

function granteeOf({ granteePrincipal }: KeyGrant, caller: RoleCaller): "role" | "account" | undefined {
  if (granteePrincipal === caller.roleArn || granteePrincipal === caller.sessionArn) {
    return "role";
  }
  return isAccount(granteePrincipal, caller) ? "account" : undefined;
}

function allowsOperation({ operations }: KeyGrant, action: string): boolean {
  const lower = action.toLowerCase();
  return operations.some((operation) => `kms:${operation.toLowerCase()}` === lower);
}

/**
 * Names in an encryption context are compared without regard to case, values with it.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html
 */
function testConstraints(
  grant: KeyGrant,
  lookup: Lookup,
): { readonly truth: Truth; readonly failingKeys: readonly string[] } {
  const { encryptionContextSubset, encryptionContextEquals } = grant;
  const pairs = [
    ...Object.entries(encryptionContextSubset ?? {}),
    ...Object.entries(encryptionContextEquals ?? {}),
  ];
  const failingKeys: string[] = [];
  const parts: Truth[] = pairs.map(([name, value]) => {
    const key = `${ENCRYPTION_CONTEXT}${name}`;
    const truth = hasValue(key, value, lookup);
    if (truth === false) {
      failingKeys.push(key);
    }
    return truth;
  });
  if (encryptionContextEquals !== undefined) {
    const truth = hasOnlyNames(Object.keys(encryptionContextEquals), lookup);
    if (truth === false) {
      failingKeys.push(ENCRYPTION_CONTEXT_KEYS);
    }
    parts.push(truth);
  }
  return { truth: every(parts), failingKeys };
}

function hasValue(key: string, value: string, lookup: Lookup): Truth {
  const found = lookup(key);
  return found.state === "unknown" ? undecided(key) : found.state === "known" && found.values.includes(value);
}

function hasOnlyNames(names: readonly string[], lookup: Lookup): Truth {
  const found = lookup(ENCRYPTION_CONTEXT_KEYS);
  if (found.state === "unknown") {
    return undecided(ENCRYPTION_CONTEXT_KEYS);
  }
  const expected = new Set(names.map((name) => name.toLowerCase()));
  return everyOf(found.state === "known" ? found.values : [], (name) => expected.has(name.toLowerCase()));
}

/** Condition keys that the constraints of grants read. */
export function keysOfGrants(grants: readonly KeyGrant[]): readonly string[] {
  return grants.flatMap(({ encryptionContextSubset, encryptionContextEquals }) => [
    ...Object.keys({ ...encryptionContextSubset, ...encryptionContextEquals }).map(
      (name) => ENCRYPTION_CONTEXT + name,
    ),
    ...(encryptionContextEquals === undefined ? [] : [ENCRYPTION_CONTEXT_KEYS]),
  ]);
}
