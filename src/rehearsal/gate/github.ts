/**
 * Problems as GitHub's workflow commands, which it shows as annotations.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
import { type Level, type Problem, PROBLEM_KINDS } from "./problems";

const COMMANDS: Readonly<Record<Level, "error" | "warning" | "notice">> = {
  broken: "error",
  unproven: "warning",
  unwatched: "warning",
  unused: "notice",
  note: "notice",
};

/** @param fresh Problems that were not there before. */
export function renderGithub(verdict: string, fresh: readonly Problem[]): string {
  const said = new Set<string>();
  return [...fresh.map((problem) => annotation(problem, said)), `Verdict: ${verdict}`, ""].join("\n");
}

/** @param told What mends something, told already: an annotation has little room. */
function annotation({ kind, level, message, place, mends }: Problem, told: Set<string>): string {
  const properties = {
    ...(place?.file === undefined ? {} : { file: place.file }),
    ...(place?.line === undefined ? {} : { line: String(place.line) }),
    title: PROBLEM_KINDS[kind].name,
  };
  const said = Object.entries(properties).map(([name, value]) => `${name}=${escapedProperty(value)}`);
  const code = mends
    .flatMap(
      (mend) => mend.code?.text ?? (mend.statement === undefined ? [] : JSON.stringify(mend.statement)),
    )
    .filter((each) => !told.has(each));
  code.forEach((each) => told.add(each));
  const text = [place === undefined ? message : `${place.address}: ${message}`, ...code].join("\n");
  return `::${COMMANDS[level]} ${said.join(",")}::${escapedData(text)}`;
}

/** A line of a message could be a command of its own. */
function escapedData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
