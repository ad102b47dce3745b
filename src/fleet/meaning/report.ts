/** What a fleet's report says, as types, and what it comes to. */
import type { InferOutput } from "valibot";
import type { account, earlier, FLEET_SCHEMA, HARMS, pair, PLACES, problem } from "./reportSchema";

export type FleetReport = InferOutput<typeof FLEET_SCHEMA>;
export type PairReport = InferOutput<typeof pair>;
export type AccountSummary = InferOutput<typeof account>;
export type FleetProblem = InferOutput<typeof problem>;
export type Earlier = InferOutput<typeof earlier>;
export type Harm = (typeof HARMS)[number];
export type DestinationPlace = (typeof PLACES)[number];

/** The verdict of a gate for each harm: what fails, fails as what is broken does. */
export const GATE_VERDICTS = {
  broken: "broken",
  failing: "broken",
  unwatched: "proven",
  unproven: "unproven",
  fine: "proven",
} as const satisfies Readonly<Record<Harm, "proven" | "broken" | "unproven">>;
