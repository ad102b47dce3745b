/** Mistakes in what is asked for S3 Inventory, as sentences. */
import { asObject } from "../../input/anyValue";
import { show } from "../../input/problems";
import { inventoryBeginning } from "../inventory";
import { ruleTaking } from "./takenByRule";

/** @param given Arguments of a source, of whatever types: what is no text or no list is told elsewhere. */
export function inventoryProblems(given: Readonly<Record<string, unknown>>, path: string): string[] {
  const { bucketName, prefix } = asObject(given.inventory);
  if (typeof bucketName !== "string" || bucketName !== given.bucketName) return [];
  const beginning = inventoryBeginning(typeof prefix === "string" ? prefix : undefined, bucketName);
  const rule = ruleTaking(given, beginning);
  return rule === undefined
    ? []
    : [
        `'${path}inventory.prefix' must be outside every rule, got ${show(prefix)} in the source bucket, which rule ${show(rule.id)} takes: the lists would be replicated themselves; use a prefix that no rule takes, or another bucket`,
      ];
}
