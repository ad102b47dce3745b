/** The statuses that the page shows, from good to bad: one scale for objects, requests, rules, arrows and the verdict. */
import type { ObjectReport, ReportVerdict, RequestReport } from "../report";
import { type Markup, markup } from "./markup";

/** `idle` is what nothing was asked of. */
export type Status = ReportVerdict | "idle";

const WORST_FIRST: readonly Status[] = ["broken", "unproven", "proven", "idle"];

/** Said by a sign too, for who cannot tell the colours and for print. */
export const SIGNS: Readonly<Record<Status, string>> = { proven: "✓", broken: "✗", unproven: "?", idle: "–" };

export function worst(statuses: Iterable<Status>): Status {
  const found = new Set(statuses);
  return WORST_FIRST.find((status) => found.has(status)) ?? "idle";
}

/** Order of how bad, worst first. */
export const badness = (status: Status) => WORST_FIRST.indexOf(status);

export const isProblem = (status: Status) => status === "broken" || status === "unproven";

/** Replicated, but not as the rule says. */
const losesParts = ({ lost }: ObjectReport) => lost !== undefined;

export function statusOfObject(object: ObjectReport): Status {
  if (losesParts(object)) return "broken";
  return ({ COMPLETED: "proven", FAILED: "broken", UNPROVEN: "unproven", NOT_REPLICATED: "idle" } as const)[
    object.outcome
  ];
}

export function statusOfDecision(decision: RequestReport["decision"]): Status {
  return ({ allowed: "proven", denied: "broken", unproven: "unproven" } as const)[decision];
}

export const badge = (status: Status, text: string): Markup =>
  markup`<span class="badge ${status}"><span class="sign">${SIGNS[status]}</span> ${text}</span>`;
