/** The command line as it is defined: its commands and their options. */
import { Command } from "commander";
import { COMMAND_DEFINITIONS } from "../../../src/cli/commands";

/** The commands by their names. */
export const COMMANDS: ReadonlyMap<string, Command> = (() => {
  const program = new Command();
  for (const define of COMMAND_DEFINITIONS) define(program);
  return new Map(program.commands.map((command) => [command.name(), command]));
})();

/** Options of a command, such as `--json`. */
export function optionsOf(command: Command): string[] {
  return [...command.options.flatMap(({ long }) => long ?? []), "--help"];
}

/** A use of the command line in a page: the command, and the options behind it. */
export interface Use {
  readonly command: string;
  readonly options: readonly string[];
}

/** The uses of the command line in code of a page, lines that go on put together. */
export function usesIn(code: string): Use[] {
  return code
    .replaceAll(/\\\n\s*/g, " ")
    .split(/\n|&&|;/)
    .flatMap((line) => {
      const found = /(?:^|[\s$(])s3-replication ([a-z<][\w<>-]*)(.*)$/.exec(line.replace(/ # .*$/, ""));
      if (found === null) return [];
      const [, command = "", rest = ""] = found;
      return [{ command, options: rest.match(/(?<=\s)--[a-z][a-z-]*/g) ?? [] }];
    });
}
