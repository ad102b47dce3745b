/** Whether a rule of a source would replicate what is written into the source bucket beside the data. */
import { asObject } from "../../input/anyValue";
import { ruleThatTakes } from "../batch/plan";

/**
 * @param given Arguments of a source, of whatever types: what is no text or no list is told elsewhere.
 * @param beginning How the keys begin, up to where they differ.
 * @returns The rule that takes them, with its id as it is given; undefined where none does.
 */
export function ruleTaking(
  { rules }: Readonly<Record<string, unknown>>,
  beginning: string,
): { readonly id: unknown } | undefined {
  if (!Array.isArray(rules)) return undefined;
  const taking = rules.map(asObject).map(({ id, enabled, prefix, tags }) => ({
    id,
    enabled: enabled !== false,
    prefix: typeof prefix === "string" ? prefix : "",
    tagged: tags !== undefined,
  }));
  return ruleThatTakes(taking, beginning);
}
