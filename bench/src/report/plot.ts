/** Time and memory against size, as an SVG with logarithmic axes that reads well on light and dark pages. */
import { megabytes, milliseconds, type Curve } from "../row";

const WIDTH = 820;
const HEIGHT = 340;
const PLOT = { top: 44, bottom: 290, width: 250 } as const;
const COLOURS = ["#0b6fb8", "#c2410c", "#4d7c0f", "#7e22ce", "#be185d"];

interface Panel {
  readonly title: string;
  readonly left: number;
  readonly of: (point: Curve["points"][number]) => number;
  readonly label: (value: number) => string;
}

const PANELS: readonly Panel[] = [
  { title: "time", left: 70, of: ({ ms }) => ms, label: milliseconds },
  { title: "peak memory", left: 400, of: ({ mb }) => mb, label: megabytes },
];

export function plot(curves: readonly Curve[], caption: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="12" y="18" font-size="13" fill="#111111">${caption}</text>
${PANELS.map((panel) => draw(panel, curves)).join("\n")}
${curves.map((curve, index) => legend(curve.name, index)).join("\n")}
</svg>
`;
}

function draw({ title, left, of, label }: Panel, curves: readonly Curve[]): string {
  const drawn = curves.map(({ points }) => points.filter((point) => Number.isFinite(of(point))));
  const sizes = logAxis(drawn.flat().map(({ size }) => size));
  const values = logAxis(drawn.flat().map(of));
  const x = (size: number) => left + sizes.place(size) * PLOT.width;
  const y = (value: number) => PLOT.bottom - values.place(value) * (PLOT.bottom - PLOT.top);
  return [
    `<text x="${left}" y="${PLOT.top - 8}" fill="#111111">${title}</text>`,
    ...values.ticks.map(
      (tick) =>
        `<line x1="${left}" x2="${left + PLOT.width}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}" stroke="#dddddd"/><text x="${left - 6}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end" fill="#444444">${label(tick)}</text>`,
    ),
    ...sizes.ticks.map(
      (tick) =>
        `<line x1="${x(tick).toFixed(1)}" x2="${x(tick).toFixed(1)}" y1="${PLOT.top}" y2="${PLOT.bottom}" stroke="#eeeeee"/><text x="${x(tick).toFixed(1)}" y="${PLOT.bottom + 16}" text-anchor="middle" fill="#444444">${tick}</text>`,
    ),
    `<text x="${left + PLOT.width / 2}" y="${PLOT.bottom + 34}" text-anchor="middle" fill="#444444">pairs, or rules</text>`,
    ...drawn.map((points, index) => {
      const colour = COLOURS[index % COLOURS.length];
      const path = points.map((point) => `${x(point.size).toFixed(1)},${y(of(point)).toFixed(1)}`);
      return [
        `<polyline points="${path.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...path.map((place) => {
          const [cx, cy] = place.split(",");
          return `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`;
        }),
      ].join("");
    }),
  ].join("\n");
}

function legend(name: string, index: number): string {
  const y = PLOT.top + 12 + index * 20;
  return `<rect x="672" y="${y - 9}" width="12" height="12" fill="${COLOURS[index % COLOURS.length]}"/><text x="690" y="${y + 1}" fill="#111111">${name}</text>`;
}

/** Powers of ten around the values. */
function logAxis(values: readonly number[]): { place: (value: number) => number; ticks: readonly number[] } {
  const from = Math.floor(Math.log10(Math.min(...values)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    place: (value) => (Math.log10(value) - from) / (to - from),
    ticks: Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index)),
  };
}
