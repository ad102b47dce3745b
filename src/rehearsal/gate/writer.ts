/** How a tool is told what mends something. */
import type { Place } from "../../snapshot/places";
import type { Advice } from "../report/report";

/** Lines to paste, or what to change where nothing can be pasted. */
export interface InToolWords {
  readonly language: "hcl" | "yaml" | "json" | "typescript";
  readonly text: string;
}

export type Statement = Readonly<Record<string, unknown>>;

export interface Writer {
  readonly statement: (statement: Statement, advice: Advice, place: Place) => InToolWords;
  readonly change: (setting: string, value: unknown, place: Place) => InToolWords;
}
