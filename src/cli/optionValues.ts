import { InvalidArgumentError } from "commander";

/** For options that are given once for each of several things. */
export function collect(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}

/** For an option that is given once: of two values, one would be ignored. */
export function once(value: string, previous: string | undefined): string {
  if (previous !== undefined)
    throw new InvalidArgumentError(`It is given once only, and is '${previous}' already.`);
  return value;
}
