/** Says which patterns are to blame where not every object has one that stands for it. */
import { listed } from "../../output/counts";
import type { Missing, ObjectReport } from "../report/report";
import { MAX_CLASSES, type TooManyClasses } from "../../textClasses/keyClasses";
import type { Cut, Cuts, Obstacle } from "./cuts";
import type { TagClasses } from "./tagClasses";

type Blamed = Omit<Obstacle, "because" | "source"> & Pick<Cut, "source">;

export function unclassedReport(
  bucketArn: string,
  cuts: Cuts,
  tooManyKeys: TooManyClasses | undefined,
  tags: TagClasses,
): ObjectReport | undefined {
  const keyCuts = (tooManyKeys?.blame ?? []).flatMap((place) => cuts.ofKey[place] ?? []);
  const tagCuts = tags.explosions.flatMap(({ cuts: each }) => each);
  const reasons = [
    ...(tooManyKeys === undefined
      ? []
      : [`the object keys fall into more than ${MAX_CLASSES} classes because of ${list(keyCuts)}`]),
    ...(tags.explosions.length === 0
      ? []
      : [`the tags of objects fall into too many classes because of ${list(tagCuts)}`]),
    ...unique(cuts.obstacles.map((obstacle) => `${list([obstacle])} ${obstacle.because}`)),
  ];
  if (reasons.length === 0) return undefined;
  return {
    bucket: bucketArn,
    key: "*",
    kind: "all objects",
    outcome: "UNPROVEN",
    reason: `not every object could be decided on: ${reasons.join("; ")}`,
    missing: missingOf(bucketArn, [...keyCuts, ...tagCuts, ...cuts.obstacles]),
    requests: [],
  };
}

/** One entry a statement. */
function missingOf(bucketArn: string, blamed: readonly Blamed[]): Missing[] {
  const entries = new Map<string, Missing>();
  for (const { source, conditionKey } of blamed) {
    const where = source?.where ?? "rule";
    const id = `${where} ${source?.place.policy ?? ""} ${source?.place.index ?? ""} ${conditionKey ?? ""}`;
    entries.set(id, {
      resource: `${bucketArn}/*`,
      where,
      why: "undecided",
      keys: conditionKey === undefined ? [] : [conditionKey],
      statements: source === undefined ? [] : [source.place],
    });
  }
  return [...entries.values()];
}

function list(blamed: readonly Blamed[]): string {
  const named = unique(
    blamed.map(({ texts, source, conditionKey }) => {
      const [first = "", ...others] = texts;
      const more = others.length === 0 ? "" : ` and ${others.length} more`;
      const where = source === undefined ? "a rule" : source.place.policy;
      return `'${first}'${more} (${where}${conditionKey === undefined ? "" : `, ${conditionKey}`})`;
    }),
  );
  return listed(named);
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
