/**
 * Which block of the configuration an item of a plan was written as. Blocks of a list keep their order; those of a set come
 * in an order of Terraform's own, so that only what is written in them tells them apart.
 */
import { isExpression } from "./configuration";

/** Blocks that keep their order, by the schema of the AWS provider. */
const LISTS: Readonly<Record<string, string>> = {
  aws_s3_bucket_replication_configuration: "rule",
  aws_iam_policy_document: "statement",
};

/** @param type Of the resource. @param name Of its block. */
export function keepsOrder(type: string, name: string): boolean {
  return Object.hasOwn(LISTS, type) && LISTS[type] === name;
}

/**
 * The blocks that an item may be. None where `dynamic` makes some of the items, as a plan leaves those blocks out.
 * @param blocks As the configuration has them.
 * @param count How many items the plan has.
 */
export function blocksOf(blocks: unknown, count: number, item: unknown): readonly unknown[] {
  if (!Array.isArray(blocks) || blocks.length !== count) return [];
  return (blocks as unknown[]).filter((block) => mayBe(block, item));
}

/** The one block that an item is; undefined where nobody can tell. */
export function blockOf(
  blocks: unknown,
  count: number,
  { item, index, isOrdered }: { readonly item: unknown; readonly index: number; readonly isOrdered: boolean },
): unknown {
  if (isOrdered)
    return Array.isArray(blocks) && blocks.length === count ? (blocks[index] as unknown) : undefined;
  return onlyOne(blocksOf(blocks, count, item));
}

/** What several candidates all are; undefined where there is none, or where they differ. */
function onlyOne([first, ...others]: readonly unknown[]): unknown {
  const text = JSON.stringify(first);
  return others.every((other) => JSON.stringify(other) === text) ? first : undefined;
}

/** Whether no constant of a block says something else than an item. */
function mayBe(block: unknown, item: unknown): boolean {
  if (typeof block !== "object" || block === null || Array.isArray(block)) return true;
  const members = (typeof item === "object" && item !== null ? item : {}) as Readonly<
    Record<string, unknown>
  >;
  return Object.entries(block).every(([name, written]: [string, unknown]) => {
    const value = members[name];
    if (isExpression(written)) {
      const { constant_value: constant } = written;
      return constant === undefined || isSame(constant, value);
    }
    const [inner, ...others] = Array.isArray(written) ? (written as unknown[]) : [written];
    const [own] = Array.isArray(value) ? (value as unknown[]) : [value];
    return others.length > 0 || mayBe(inner, own);
  });
}

/** Terraform turns numbers, texts and truths into each other, and sorts what is a set. */
function isSame(constant: unknown, value: unknown): boolean {
  const parts = (of: unknown) => (Array.isArray(of) ? (of as unknown[]) : [of]).map(plain).sort();
  return JSON.stringify(parts(constant)) === JSON.stringify(parts(value));
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * What became of each item in an apply: those of a set come in another order once all of it is known. Undefined of an item
 * where nobody can tell.
 * @param items As a plan has them; what is unknown is missing, or null.
 */
export function completedItems(completed: unknown, items: readonly unknown[], isOrdered: boolean): unknown[] {
  if (!Array.isArray(completed) || completed.length !== items.length) return items.map(() => undefined);
  if (isOrdered || items.length === 1) return completed as unknown[];
  return items.map((item) => onlyOne((completed as unknown[]).filter((one) => isOutcomeOf(one, item))));
}

/** Whether everything that is known of an item is so in a completed one. */
function isOutcomeOf(completed: unknown, item: unknown): boolean {
  if (item === undefined || item === null) return true;
  if (typeof item !== "object") return plain(completed) === plain(item);
  if (typeof completed !== "object" || completed === null) return Object.keys(item).length === 0;
  return Object.entries(item).every(([name, value]: [string, unknown]) =>
    isOutcomeOf((completed as Readonly<Record<string, unknown>>)[name], value),
  );
}
