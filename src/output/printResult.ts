/** The one place that prints a command's result, in whichever form was asked for. */

export const FORMATS = ["text", "json", "html", "markdown", "sarif", "github"] as const;

export type Format = (typeof FORMATS)[number];

/** How a result looks in each form that its command has. Only the one that is asked for is made. */
export type Renderings = Readonly<Partial<Record<Format, () => string | Promise<string>>>> & {
  readonly text: () => string;
  readonly json: () => string;
};

/** JSON as all commands print it. */
export function asJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** @param format A form that the command has; it falls back to text. */
export async function printResult(renderings: Renderings, format: Format = "text"): Promise<void> {
  const render = renderings[format] ?? renderings.text;
  process.stdout.write(await render());
}
