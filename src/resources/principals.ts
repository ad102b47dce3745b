/** Whom policies name: AWS takes no policy that names a role that does not exist. */
import { parseArn } from "../naming/arn";
import type { AnyCall } from "./calls";
import { AwsRefusal } from "./refusal";
import { mayRefuse, type Site } from "./site";
import { listOf } from "./values";

/**
 * AWS looks up each role that a policy names when the policy is put. In accounts that hold more than what is read, only
 * a role that the program makes later on is known to be missing.
 * @throws AwsRefusal for the first role that does not exist.
 */
export function assertPrincipalsExist(
  site: Site,
  call: AnyCall,
  policy: unknown,
  refusal: (arn: string) => string,
): void {
  const { snapshot, world, notes } = site;
  if (!mayRefuse(site, call)) return;
  for (const arn of rolesNamedIn(policy)) {
    if (snapshot.accounts[parseArn(arn)?.accountId ?? ""]?.roles[arn] !== undefined) continue;
    if (world.complete) throw new AwsRefusal(refusal(arn));
    if (!notes.namedTooEarly.has(arn)) notes.namedTooEarly.set(arn, refusal(arn));
  }
}

function rolesNamedIn(policy: unknown): string[] {
  const statements = listOf((policy as { Statement?: unknown } | null)?.Statement);
  return statements.flatMap((statement) => {
    const principal = (statement as { Principal?: { AWS?: unknown } } | null)?.Principal;
    const named = typeof principal === "object" ? listOf(principal?.AWS) : [];
    return named.filter(
      (arn): arn is string => typeof arn === "string" && parseArn(arn)?.resource.startsWith("role/") === true,
    );
  });
}
