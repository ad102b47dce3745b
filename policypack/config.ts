/** What an organisation tells a rule: read, and checked. */
import { closest } from "fastest-levenshtein";

/** A setting of the organisation's that makes no sense. It stops the pack: judging by another one would be a guess. */
export class SettingError extends Error {}

/** What every rule can be told beside its own settings. */
const LEVEL = "enforcementLevel";

/**
 * Settings that a rule does not have would be ignored, and the rule would judge by its defaults unasked.
 * @throws SettingError that names the nearest setting.
 */
export function assertSettings(rule: string, values: object, known: readonly string[]): void {
  const allowed = [...known, LEVEL];
  for (const name of Object.keys(values)) {
    if (allowed.includes(name)) continue;
    throw new SettingError(
      `'${name}' is no setting of '${rule}': did you mean '${closest(name, allowed)}'? It has ${allowed.join(", ")}`,
    );
  }
}

/** The settings that an organisation gives a rule. The SDK does not apply the schema's defaults, so these do. */
export class Config {
  constructor(private readonly values: object) {}

  strings(name: string): readonly string[] {
    const value = this.read(name) ?? [];
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
    throw new SettingError(`'${name}' must be a list of strings, got ${typeof value}`);
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.read(name) ?? fallback;
    if (typeof value === "boolean") return value;
    throw new SettingError(`'${name}' must be true or false, got ${typeof value}`);
  }

  number(name: string, fallback: number): number {
    const value = this.read(name) ?? fallback;
    if (typeof value === "number") return value;
    throw new SettingError(`'${name}' must be a number, got ${typeof value}`);
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.read(name) ?? fallback;
    const found = allowed.find((candidate) => candidate === value);
    if (found !== undefined) return found;
    throw new SettingError(`'${name}' must be one of ${allowed.join(", ")}, got ${typeof value}`);
  }

  private read(name: string): unknown {
    return Reflect.get(this.values, name);
  }
}
