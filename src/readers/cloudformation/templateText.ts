/** A template's text as plain values: every scalar is the text that stands there, and short tags have their long form. */
import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Node, Scalar, YAMLMap } from "yaml";
import { InvalidInputError, show } from "../../input/problems";

/** A part of a template before its functions are evaluated. Numbers and booleans are texts: policies take them as such. */
export type Written = string | null | readonly Written[] | { readonly [name: string]: Written };

export interface WrittenTemplate {
  readonly root: Written;
  /** Line, from 1, of a section's name, or of the name of one of its members: `lineOf("Resources", "Bucket")`. */
  readonly lineOf: (...path: readonly string[]) => number | undefined;
}

/** Lists and maps inside each other. */
const DEEPEST = 100;
const TOO_DEEP = `it must be at most ${DEEPEST} lists and maps deep, and is deeper`;
/** Values of a template, with what its aliases repeat. CloudFormation takes a megabyte of text at most. */
const MOST_VALUES = 500_000;

/**
 * Reads YAML, of which JSON is a part. Aliases and merge keys are written out, as the AWS CLI does it.
 * @param subject What is read, for errors: `--cloudformation template.yaml`.
 * @throws InvalidInputError where it is neither YAML nor JSON, says a name twice, or is too deep or too large.
 */
export function parseTemplateText(text: string, subject: string): WrittenTemplate {
  const lines = new LineCounter();
  // Unique names are this reader's own check: the library compares each name of a map with each other.
  const document = parseDocument(text, { lineCounter: lines, logLevel: "silent", uniqueKeys: false });
  const [error] = document.errors;
  if (error?.code === "RESOURCE_EXHAUSTION") throw new InvalidInputError(subject, [TOO_DEEP]);
  if (error !== undefined) {
    const [reason = ""] = error.message.split(/ at line \d+|\n/);
    throw new InvalidInputError(subject, [
      `it must be YAML or JSON: ${reason} in line ${lines.linePos(error.pos[0]).line}`,
    ]);
  }
  const reading = new TemplateReading(document, lines, subject);
  const root = reading.convert(document.contents, []);
  return { root, lineOf: (...path) => reading.lineOfNames.get(JSON.stringify(path)) };
}

class TemplateReading {
  readonly lineOfNames = new Map<string, number>();
  private values = 0;
  private readonly openAliases = new Set<string>();

  constructor(
    private readonly document: Document.Parsed,
    private readonly lines: LineCounter,
    private readonly subject: string,
  ) {}

  convert(node: unknown, path: readonly string[]): Written {
    this.values += 1;
    if (this.values > MOST_VALUES) this.refuse(`it must hold at most ${MOST_VALUES} values, and holds more`);
    if (path.length > DEEPEST) this.refuse(TOO_DEEP);
    if (isAlias(node)) return this.throughAlias(node, (target) => this.convert(target, path));
    if (isScalar(node)) return inLongForm(node.tag, textOf(node));
    if (isSeq(node)) {
      const items = node.items.map((item, index) => this.convert(item, [...path, String(index)]));
      return inLongForm(node.tag, items);
    }
    if (isMap(node)) return inLongForm(node.tag, Object.fromEntries(this.entriesOf(node, path)));
    return null;
  }

  /** Members of a map; what its merge keys bring gives way to what it says itself. */
  private entriesOf(node: YAMLMap, path: readonly string[]): Map<string, Written> {
    const merged = new Map<string, Written>();
    const own = new Map<string, Written>();
    for (const { key, value } of node.items) {
      const name = isScalar(key)
        ? (textOf(key) ?? "")
        : this.refuse("names must be texts, and one is a list or a map");
      const line = this.lineOf(key as Node);
      if (name === "__proto__")
        this.refuse(`'__proto__' in line ${line} must not be the name of anything in it`);
      if (name === "<<") {
        for (const [inner, said] of this.mergedEntries(value, path))
          if (!merged.has(inner)) merged.set(inner, said);
        continue;
      }
      if (own.has(name)) {
        this.refuse(
          `every name must stand once in a map, and ${show(name)} in line ${line} stands there already: only one of the two would count`,
        );
      }
      const place = [...path, name];
      if (place.length <= 2 && line !== undefined) this.lineOfNames.set(JSON.stringify(place), line);
      own.set(name, this.convert(value, place));
    }
    return new Map([...merged, ...own]);
  }

  private mergedEntries(value: unknown, path: readonly string[]): [string, Written][] {
    if (isAlias(value)) return this.throughAlias(value, (target) => this.mergedEntries(target, path));
    if (isMap(value)) return [...this.entriesOf(value, [...path, "<<"])];
    if (isSeq(value)) return value.items.flatMap((item) => this.mergedEntries(item, path));
    return this.refuse("a merge key ('<<') must lead to a map or a list of maps");
  }

  private throughAlias<T>(alias: Alias, visit: (target: unknown) => T): T {
    const line = this.lineOf(alias);
    const target = alias.resolve(this.document);
    if (target === undefined) this.refuse(`the alias '*${alias.source}' in line ${line} has no anchor`);
    if (this.openAliases.has(alias.source)) {
      this.refuse(
        `the alias '*${alias.source}' in line ${line} stands within its own anchor, which never ends`,
      );
    }
    this.openAliases.add(alias.source);
    const visited = visit(target);
    this.openAliases.delete(alias.source);
    return visited;
  }

  private lineOf(node: Node): number | undefined {
    return node.range == null ? undefined : this.lines.linePos(node.range[0]).line;
  }

  private refuse(problem: string): never {
    throw new InvalidInputError(this.subject, [problem]);
  }
}

/** A plain scalar is what is written, so that an account id keeps its leading zeros and 2012-10-17 is no date. */
function textOf(node: Scalar): string | null {
  if (node.value === null) return null;
  return typeof node.value === "string" ? node.value : (node.source ?? JSON.stringify(node.value));
}

/** `!Sub text` is `{ "Fn::Sub": text }`. A tag of YAML itself says nothing more. */
function inLongForm(tag: string | undefined, value: Written): Written {
  if (tag === undefined || !tag.startsWith("!")) return value;
  const name = tag.slice(1);
  if (name === "" || name.startsWith("!")) return value;
  if (name === "Ref" || name === "Condition") return { [name]: value };
  if (name === "GetAtt" && typeof value === "string") {
    const dot = value.indexOf(".");
    return { "Fn::GetAtt": [value.slice(0, dot < 0 ? undefined : dot), dot < 0 ? "" : value.slice(dot + 1)] };
  }
  return { [`Fn::${name}`]: value };
}
