/** A fleet as Markdown for a comment or the summary of a step. */
import { count } from "../../output/counts";
import { markdownOf, SIGNS } from "../../rehearsal/gate/markdown";
import { mermaidOf } from "../../rehearsal/gate/mermaid";
import type { Problem } from "../../rehearsal/gate/problems";
import { type FleetReport, GATE_VERDICTS } from "../meaning/report";
import { mapOfFleet } from "./map";
import { countsSaid } from "./text";

/** @param fresh Problems that were not there before. */
export function renderFleetMarkdown(
  report: FleetReport,
  fresh: readonly Problem[],
  known: readonly Problem[],
): string {
  const { verdict, pairs, notes } = report;
  return markdownOf({
    heading: `${SIGNS[GATE_VERDICTS[verdict]]} S3 replication of ${count(pairs.length, "pair")}: ${verdict}`,
    summary: `${countsSaid(report)}.`,
    drawing: mermaidOf(mapOfFleet(pairs)),
    fresh,
    known,
    lists: { "Worth knowing": notes },
  });
}
