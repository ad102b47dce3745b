/** Which account, and which Region, the resources of a provider belong to. */
import { parseArn } from "../naming/arn";
import { InvalidInputError, show } from "../input/problems";

/** Account ids by the name of a provider or of a stack; the empty name is for all others. */
export type AccountNames = Readonly<Record<string, string>>;

/**
 * @param given Values of `--account`: `<name>=<account id>`, or an account id for everything that has no other.
 * @throws InvalidInputError for any other value.
 */
export function parseAccountNames(given: readonly string[]): AccountNames {
  const names = new Map<string, string>();
  const problems: string[] = [];
  for (const value of given) {
    const split = value.lastIndexOf("=");
    const accountId = value.slice(split + 1);
    if (/^\d{12}$/.test(accountId)) names.set(split < 0 ? "" : value.slice(0, split), accountId);
    else
      problems.push(
        `must be '<provider or stack>=<12-digit account id>' or an account id, got ${show(value)}`,
      );
  }
  if (problems.length > 0) throw new InvalidInputError("--account", problems);
  return Object.fromEntries(names);
}

/**
 * Account that a provider works in, by its own arguments: the one that it allows, or that of the role it assumes.
 * Structured arguments are JSON texts when they come from the Node.js SDK or from a state.
 */
export function accountOfProvider(inputs: Readonly<Record<string, unknown>>): string | undefined {
  const allowed = structured(inputs.allowedAccountIds);
  if (Array.isArray(allowed) && /^\d{12}$/.test(String(allowed[0]))) return String(allowed[0]);
  // Where roles are assumed one after the other, the last one counts.
  const roles = [structured(inputs.assumeRoles ?? inputs.assumeRole)].flat().reverse();
  for (const role of roles) {
    const arn = (role as { roleArn?: unknown } | null | undefined)?.roleArn;
    const accountId = typeof arn === "string" ? parseArn(arn)?.accountId : undefined;
    if (accountId !== undefined && /^\d{12}$/.test(accountId)) return accountId;
  }
  return undefined;
}

function structured(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** Settings of the provider that a stack has without making one: `aws:region`, `aws:allowedAccountIds` and so on. */
export function defaultProvider(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) => (key.startsWith("aws:") ? [[key.slice(4), value]] : [])),
  );
}

/** What is to be done about resources whose account nobody knows. */
export function accountIsMissing(provider: string | undefined, stack: string): string {
  const name = provider ?? stack;
  return `${provider === undefined ? `the default provider of stack '${stack}'` : `provider '${provider}' of stack '${stack}'`} does not say its account; give it allowedAccountIds, or say '--account ${name}=<12-digit account id>'`;
}
