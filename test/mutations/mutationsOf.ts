/** Every single mutation of a snapshot. */
import type { Snapshot } from "../../src/snapshot/snapshot";
import { rolePolicyName } from "../../src/rehearsal/policyBook";
import type { Where } from "../../src/rehearsal/report/report";
import { listOf, type Mutation, type StatementJson, withValue } from "./mutation";
import { mutationsOfOrganizations } from "./ofOrganizations";
import { mutationsOfRefusals } from "./ofRefusals";
import { destinationsOf, mutationsOfSettings, replicaKeysOf } from "./ofSettings";
import { mutationsOfStatement } from "./ofStatements";

interface PlacedDocument {
  readonly where: Where;
  /** What reports may call it: a bucket and its key that both send and receive have one policy each. */
  readonly called: readonly Where[];
  readonly owner: string;
  readonly account: string;
  /** For people: `role policy 'kms'`. */
  readonly title: string;
  readonly path: readonly (string | number)[];
  readonly document: unknown;
}

export function* mutationsOf(snapshot: Snapshot): Generator<Mutation> {
  for (const { where, called, owner, account, title, path, document } of documentsOf(snapshot)) {
    const statements = (document as { Statement: readonly StatementJson[] }).Statement;
    for (const [index, before] of statements.entries()) {
      for (const { kind, name, after, cause, part } of mutationsOfStatement(before, index)) {
        yield {
          kind,
          name: `${title}, ${before.Sid ?? index}: ${name}`,
          document,
          statement: { where, owner, account, before, part },
          cause: { where: called, ...cause },
          mutate: (whole) => withValue(whole, [...path, "Statement", index], after),
        };
      }
    }
  }
  yield* mutationsOfSettings(snapshot);
  yield* mutationsOfRefusals(snapshot);
  yield* mutationsOfOrganizations(snapshot);
}

function documentsOf(snapshot: Snapshot): PlacedDocument[] {
  const destinations = destinationsOf(snapshot);
  const replicaKeys = replicaKeysOf(snapshot);
  const senders = Object.entries(snapshot.buckets).filter(([, { replication }]) => replication !== null);
  const sources = new Set(senders.map(([arn]) => arn));
  const sourceKeys = new Set(senders.map(([, { encryption }]) => encryption?.keyArn));
  const ofRoles = Object.entries(snapshot.accounts).flatMap(([account, { roles }]) =>
    Object.entries(roles).flatMap(([owner, role]): PlacedDocument[] => {
      const path = ["accounts", account, "roles", owner];
      return [
        {
          where: "trust policy",
          called: ["trust policy"],
          owner,
          account,
          title: "trust policy",
          path: [...path, "trust"],
          document: role.trust,
        },
        ...role.policies.map((document, index): PlacedDocument => ({
          where: "role policy",
          called: ["role policy"],
          owner,
          account,
          title: rolePolicyName(role, index),
          path: [...path, "policies", index],
          document,
        })),
      ];
    }),
  );
  const ofBuckets = Object.entries(snapshot.buckets).map(([owner, { account, policy }]): PlacedDocument => {
    const where = destinations.has(owner) ? "destination bucket policy" : "source bucket policy";
    const called: Where[] = sources.has(owner) ? ["source bucket policy", where] : [where];
    return {
      where,
      called,
      owner,
      account,
      title: where,
      path: ["buckets", owner, "policy"],
      document: policy,
    };
  });
  const ofKeys = Object.entries(snapshot.keys).map(([owner, { account, policy }]): PlacedDocument => {
    const where = replicaKeys.has(owner) ? "destination key policy" : "source key policy";
    const called: Where[] = sourceKeys.has(owner) ? ["source key policy", where] : [where];
    return { where, called, owner, account, title: where, path: ["keys", owner, "policy"], document: policy };
  });
  return [...ofRoles, ...ofBuckets, ...ofKeys].filter(({ document }) => document !== null);
}

/** Principals that a statement names, of all kinds. */
export function principalsOf({ Principal: principal }: StatementJson): readonly string[] {
  if (principal === undefined) return [];
  return principal === "*" ? ["*"] : Object.values(principal).flatMap(listOf);
}
