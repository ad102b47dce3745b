/** Commands, options and scripts that pages name are there, and the page of a command has all its options. */
import { deepStrictEqual, ok } from "node:assert";
import { scripts } from "../../package.json";
import { COMMANDS, optionsOf, usesIn } from "./support/commands";
import { assertGenerated, page, pages, plain, table } from "./support/markdown";

describe("a page that names commands", () => {
  for (const { path, blocks, spans } of pages()) {
    const code = [...blocks.map(({ text }) => text), ...spans];

    it(`names commands and options of the command line that are there: ${path}`, () => {
      const wrong = code.flatMap(usesIn).flatMap(({ command, options }) => {
        if (command.startsWith("<")) return [];
        const definition = COMMANDS.get(command);
        if (definition === undefined) return [command];
        const has = optionsOf(definition);
        return options.filter((option) => !has.includes(option)).map((option) => `${command} ${option}`);
      });
      deepStrictEqual(wrong, []);
    });

    it(`names scripts of package.json that are there: ${path}`, () => {
      const names = code.flatMap((text) =>
        [...text.matchAll(/npm (?:run |(?=start|test))([\w:-]+)/g)].map(([, name = ""]) => name),
      );
      deepStrictEqual(
        names.filter((name) => !Object.hasOwn(scripts, name)),
        [],
      );
    });
  }
});

describe("the page of a command", () => {
  for (const [name, command] of COMMANDS) {
    const path = `docs/commands/${name}.md`;

    it(`has all options of the command (write them anew with UPDATE_SCHEMAS=1): ${name}`, () => {
      const rows = command.options.map(({ flags, description, defaultValue, argChoices }) => [
        `\`${flags}\``,
        plain(description) +
          (argChoices === undefined ? "" : `: ${argChoices.map((choice) => `\`${choice}\``).join(", ")}`) +
          (typeof defaultValue === "string" ? ` (default: \`${defaultValue}\`)` : ""),
      ]);
      assertGenerated(path, "options", table(["option", "what it says"], rows));
    });

    it(`names no option within a line that the command has not: ${name}`, () => {
      // Options of other programs are named with their program.
      const named = page(path).spans.flatMap((span) => span.match(/^--[a-z][a-z-]*/g) ?? []);
      const has = optionsOf(command);
      deepStrictEqual(
        named.filter((option) => !has.includes(option)),
        [],
      );
      ok(named.length > 0);
    });
  }
});
