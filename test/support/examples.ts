/** The set-ups of examples/, run once each, and the ways to take something out of them. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../../src/readers/program/fromProgram";
import type { Snapshot } from "../../src/snapshot/snapshot";
import { hasStackFiles, readStackFiles } from "../../src/readers/program/stackConfigurations";
import program from "../../src/program/program";
import type { PolicyDocumentJson, StatementJson } from "./program";
import type { ProgramRun } from "../../src/readers/programRun";

const DIRECTORY = join(__dirname, "..", "..", "examples");

/** Directories that hold stack configurations. */
export const EXAMPLES: readonly string[] = readdirSync(DIRECTORY, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && hasStackFiles(join(DIRECTORY, entry.name)))
  .map(({ name }) => name);

const runs = new Map<string, Promise<ProgramRun>>();

/** The run of an example, in a copy that the test may change. */
export async function runExample(name: string): Promise<ProgramRun> {
  const run =
    runs.get(name) ??
    runProgram(program, readStackFiles(join(DIRECTORY, name)), { project: "s3-replication" });
  runs.set(name, run);
  return structuredClone(await run);
}

/** The accounts of an example, which the test may change. */
export async function snapshotOf(example: string): Promise<Snapshot> {
  return (await runExample(example)).snapshot;
}

export type DocumentKind =
  | "trust"
  | "role policy"
  | "source bucket policy"
  | "destination bucket policy"
  | "source key policy"
  | "destination key policy";

/** One policy document of a snapshot. */
export interface FoundDocument {
  readonly kind: DocumentKind;
  /** ARN of the role, bucket or key that it belongs to. */
  readonly owner: string;
  /** What reports call it. */
  readonly title: string;
  readonly document: PolicyDocumentJson;
}

/** Every policy document of a snapshot, to be changed in place. */
export function documentsOf(snapshot: Snapshot): FoundDocument[] {
  const as = (document: unknown) => document as PolicyDocumentJson;
  const titled = (kind: DocumentKind, owner: string, document: unknown): FoundDocument => ({
    kind,
    owner,
    title: kind,
    document: as(document),
  });
  const buckets = Object.entries(snapshot.buckets);
  const isSource = (arn: string) => snapshot.buckets[arn]?.replication !== null;
  const sourceKeys = buckets.filter(([arn]) => isSource(arn)).map(([, { encryption }]) => encryption?.keyArn);
  return [
    ...Object.values(snapshot.accounts).flatMap(({ roles }) =>
      Object.entries(roles).flatMap(([arn, role]): FoundDocument[] => [
        { kind: "trust", owner: arn, title: "trust policy", document: as(role.trust) },
        ...role.policies.map((document, index): FoundDocument => ({
          kind: "role policy",
          owner: arn,
          title: `role policy '${role.policyNames?.[index]}'`,
          document: as(document),
        })),
      ]),
    ),
    ...buckets.map(([arn, { policy }]) =>
      titled(isSource(arn) ? "source bucket policy" : "destination bucket policy", arn, policy),
    ),
    ...Object.entries(snapshot.keys).map(([arn, { policy }]) =>
      titled(sourceKeys.includes(arn) ? "source key policy" : "destination key policy", arn, policy),
    ),
  ];
}

/** A statement without what makes its name its own: the account, and a count. */
export function statementKind({ Sid }: StatementJson): string {
  return Sid.replace(/^(ReplicateFrom)(?:\d+|Organization)(N\d+)?$/, "$1*").replace(
    /^(EncryptReplicas)\d+$/,
    "$1",
  );
}
