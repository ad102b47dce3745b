/** What mends something, in the words of the tool whose code makes it. */
import type { Place } from "../../snapshot/places";
import { placeWithin } from "../advice/pointers";
import type { Advice } from "../report/report";
import { inComponentWords } from "./componentWords";
import { cdk, type GeneratedNames, template } from "./templateWords";
import { hcl } from "./terraformWords";
import type { InToolWords, Statement, Writer } from "./writer";

/**
 * Undefined where the advice is a command alone.
 * @param names Names that only the deployment knows. Default: there are none.
 */
export function inToolWords(
  advice: Advice,
  place: Place,
  names: GeneratedNames = { generatedIn: () => undefined },
): InToolWords | undefined {
  const { statement, change } = advice;
  const write = WRITERS[place.tool](names);
  if (statement !== undefined) return write.statement(statement as unknown as Statement, advice, place);
  if (change === undefined) return undefined;
  const setting = placeWithin(change.path, advice.resource);
  return write.change(setting, change.value, place);
}

const pulumi: Writer = {
  statement: (statement, { where }, { address }) => ({
    language: "typescript",
    text: `// ${address}: one more statement of the ${where}\n${JSON.stringify(statement, undefined, 2)}`,
  }),
  change: (setting, value, place) => ({
    language: "typescript",
    text:
      inComponentWords(setting, value, place) ??
      (value === undefined
        ? `// ${place.address}: take out what makes ${setting}`
        : `// ${place.address}: set what makes ${setting} to\n${JSON.stringify(value, undefined, 2)}`),
  }),
};

const WRITERS: Readonly<Record<Place["tool"], (names: GeneratedNames) => Writer>> = {
  cloudformation: template,
  cdk,
  pulumi: () => pulumi,
  terraform: hcl,
};
