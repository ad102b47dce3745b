/** The one place that prints a command's result, in whichever form was asked for. */

import { printable } from "./printable";

export const FORMATS = ["text", "json", "html", "markdown", "sarif", "github"] as const;

export type Format = (typeof FORMATS)[number];

type Render = () => string | Promise<string>;

/** JSON as all commands print it: what a terminal would act on is escaped, which means the same in JSON. */
export function asJson(value: unknown): string {
  const lines = JSON.stringify(value, undefined, 2).split("\n");
  return `${lines.map(printable).join("\n")}\n`;
}

/**
 * @param renderings How the result looks in each form that its command has. Only the one that is asked for is made.
 * @param format One of them.
 */
export async function printResult<Form extends Format>(
  renderings: Readonly<Record<NoInfer<Form>, Render>>,
  format: Form,
): Promise<void> {
  const render: Render = renderings[format];
  process.stdout.write(await render());
}
