import assert from "node:assert/strict";
import { STYLES } from "../../../../src/rehearsal/report/html/styles";

/** The colours of each `:root` of the style sheet, by name. */
const PALETTES = [...STYLES.text.matchAll(/:root \{([^}]*)\}/g)].map(
  ([, colours = ""]) =>
    new Map(
      [...colours.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name = "", value = ""]) => [
        name,
        value,
      ]),
    ),
);

const STATUSES = ["proven", "broken", "unproven", "idle"];

/** Which colours stand on which. */
const TEXTS: readonly (readonly [text: string, ground: string])[] = [
  ...["ink", "soft", "link", ...STATUSES].map((text) => [text, "paper"] as const),
  ...["ink", "soft", ...STATUSES].map((text) => [text, "surface"] as const),
  ...["ink", "soft", "broken", "unproven"].map((text) => [text, "raised"] as const),
  ...STATUSES.flatMap((status) => [status, "ink", "soft"].map((text) => [text, `${status}-tint`] as const)),
];

/** As https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio says. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const value = parseInt(colour.slice(start, start + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe("the colours of the pages", () => {
  it("are those of daylight, of the dark and of paper", () => assert.equal(PALETTES.length, 3));

  it("let every text be read on its ground, as WCAG 2.1 asks", () => {
    const unreadable = PALETTES.flatMap((palette) =>
      TEXTS.flatMap(([text, ground]) => {
        const ratio = contrast(palette.get(text) ?? "", palette.get(ground) ?? "");
        return ratio >= 4.5 ? [] : [`${text} on ${ground}: ${ratio.toFixed(2)}`];
      }),
    );
    assert.deepEqual(unreadable, []);
  });
});
