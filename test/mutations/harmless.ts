/** Mutations that break nothing, each with the reason why; a reason counts only where the report bears it out. */
import type { Report } from "../../src/rehearsal/report/report";
import type { Mutation } from "./mutation";
import { principalsOf } from "./mutationsOf";

interface Harmless {
  readonly reason: string;
  readonly fits: (mutation: Mutation, before: Report, after: Report) => boolean;
}

const isSet =
  (...kinds: string[]) =>
  ({ kind }: Mutation) =>
    kinds.includes(kind.replace(/ set$/, ""));

const ownersOf = ({ objects }: Report) => JSON.stringify(objects.map(({ replica }) => replica?.owner));

const HARMLESS: readonly Harmless[] = [
  {
    reason: "it was observed that S3 does without it, and the report lists the observation",
    fits: (_, before, after) => after.observations.length > before.observations.length,
  },
  {
    reason: "no policy speaks of annotations any more, and the report warns that they would stay behind",
    fits: (_, before, after) =>
      after.warnings.some(
        (text) => text.includes("may not read annotations") && !before.warnings.includes(text),
      ),
  },
  {
    reason: "without an owner override S3 keeps the account of a rule and does nothing with it",
    fits: (mutation, before, after) =>
      isSet("Destination.Account")(mutation) && ownersOf(before) === ownersOf(after),
  },
  {
    reason: "it grants more than before, and the report lists that as unused",
    fits: ({ statement }, before, after) => {
      const known = new Set(
        [...before.unusedGrants, ...before.otherGrants].map((grant) => JSON.stringify(grant)),
      );
      return (
        statement !== undefined &&
        [...after.unusedGrants, ...after.otherGrants].some((grant) => !known.has(JSON.stringify(grant)))
      );
    },
  },
  {
    reason: "S3 puts its inventories by the statement, as itself, and replicates nothing by it",
    fits: ({ statement }) => statement?.before.Sid === "S3PutsInventory",
  },
  {
    reason: "an Allow of requests without TLS is a public one, which the block of public access cuts off",
    fits: ({ kind, statement }) => kind === "Effect flipped" && statement?.before.Effect === "Deny",
  },
  {
    reason: "a Deny without TLS that denies less: replication travels over TLS",
    fits: ({ statement }) =>
      statement?.before.Effect === "Deny" &&
      statement.before.Condition?.Bool?.["aws:SecureTransport"] !== undefined,
  },
  {
    reason:
      "the destination key's own account administers it, and no request of replication comes from there",
    fits: ({ statement }) =>
      statement?.where === "destination key policy" &&
      principalsOf(statement.before).every((arn) => arn.includes(`:${statement.account}:`)),
  },
  {
    reason: "the role's ARN, which the statement asks for too, says the account",
    fits: ({ kind, statement }) =>
      kind === "condition removed" &&
      statement?.part === "kms:CallerAccount" &&
      statement.before.Condition?.ArnEquals?.["aws:PrincipalArn"] !== undefined,
  },
  {
    reason:
      "the organization and the role's name, which the statement asks for too, leave its own accounts alone",
    fits: ({ kind, statement }) =>
      kind === "condition removed" &&
      statement?.part === "aws:PrincipalOrgPaths" &&
      statement.before.Condition?.StringEquals?.["aws:PrincipalOrgID"] !== undefined &&
      statement.before.Condition.ArnLike?.["aws:PrincipalArn"] !== undefined,
  },
  {
    reason: "it is for S3 Bucket Keys, which neither bucket uses, as the report assumes of writers too",
    fits: ({ kind, name, statement }, before) =>
      before.assumptions.some((text) => text.includes("have none (their writers do not ask for one)")) &&
      statement !== undefined &&
      ((kind === "action removed" && /without kms:(GenerateDataKey|Decrypt)$/.test(name)) ||
        (kind.startsWith("value ") && /(without|for) arn:aws:s3:::[^/]+$/.test(name))),
  },
  {
    reason: "S3 reads objects without SSE-KMS for replication by s3:GetObjectVersion too",
    fits: ({ statement }, before) =>
      statement?.part === "s3:GetObjectVersionForReplication" &&
      before.objects.every(({ kind, requests }) => !kind.includes("KMS") || requests.length === 0),
  },
  {
    reason: "KMS is not allowed, and no rule asks for KMS",
    fits: (mutation, before) =>
      isSet("scps", "boundary")(mutation) &&
      mutation.cause.actions?.includes("kms:*") === true &&
      before.objects.every(({ requests }) => requests.every(({ action }) => !action.startsWith("kms:"))),
  },
  {
    reason: "it changes what a replica costs or shows, not whether there is one",
    fits: isSet("Metrics", "StorageClass"),
  },
  {
    reason: "an object that is encrypted keeps its kind of encryption, whatever the default for new ones",
    fits: isSet("encryption"),
  },
  {
    reason: "the replica is made, and the report says that the source's account goes on owning it",
    fits: (mutation, before, after) => isSet("ownership")(mutation) && ownersOf(before) !== ownersOf(after),
  },
  {
    reason: "the destination's account owns the replicas all the same, as the rule or the bucket says",
    fits: isSet("ownership", "AccessControlTranslation"),
  },
  { reason: "no policy here is public, so there is nothing to block", fits: isSet("publicAccessBlock") },
  { reason: "S3 takes multi-Region keys for single-Region keys", fits: isSet("multiRegion") },
  {
    reason: "within its own account a key that AWS manages serves as well",
    fits: isSet("manager"),
  },
  {
    reason: "Object Lock and Requester Pays hinder replication on the other side only",
    fits: isSet("objectLock", "requesterPays"),
  },
  {
    reason: "a rule that is off, or that is not there, promises nothing",
    fits: (mutation) => mutation.ofRuleThatIsOff === true || isSet("Status", "rule")(mutation),
  },
  {
    reason: "the rule takes other objects, which the policies cover as well",
    fits: (mutation, _before, after) => isSet("Filter", "Status")(mutation) && after.verdict === "proven",
  },
];

/** Why a mutation that the report does not complain about breaks nothing; undefined where nobody knows. */
export function whyHarmless(mutation: Mutation, before: Report, after: Report): string | undefined {
  return HARMLESS.find(({ fits }) => fits(mutation, before, after))?.reason;
}
