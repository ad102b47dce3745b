import { deepStrictEqual, ok, strictEqual } from "node:assert";
import * as fc from "fast-check";
import { dashboardBody, dashboardName, dashboardRows } from "../../../src/replication/monitoring/dashboards";
import { type ResolvedRule, resolveRules } from "../../../src/replication/rules";

const SOURCE = { bucketArn: "arn:aws:s3:::orders", accountId: "111111111111", region: "eu-west-1" };

/** So many rules to each of several destinations. */
function rulesTo(...counts: readonly number[]): ResolvedRule[] {
  const args = counts.flatMap((count, destination) =>
    Array.from({ length: count }, (_, index) => ({
      id: `${destination}-${index}`,
      destination: `d${destination}`,
    })),
  );
  return resolveRules(args, [], false);
}

interface Widget {
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  properties: { metrics?: unknown[] };
}

function drawn(rules: readonly ResolvedRule[]): Widget[][] {
  const alarms = Array.from({ length: 250 }, (_, index) => `alarm-${index}`);
  return dashboardRows(rules).map((rows) => {
    const names = Object.fromEntries(rows.map(([rule]) => [rule.destination, `to-${rule.destination}`]));
    return (dashboardBody(SOURCE, rows, names, alarms, "queue") as { widgets: Widget[] }).widgets;
  });
}

describe("dashboards", () => {
  it("keep CloudWatch's limits and show every rule, whatever the rules and destinations are", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 }), (counts) => {
        const rules = rulesTo(...counts);
        const dashboards = drawn(rules);
        for (const widgets of dashboards) {
          const metrics = widgets.map(({ properties }) => properties.metrics?.length ?? 0);
          ok(widgets.length <= 500, `${widgets.length} widgets`);
          ok(Math.max(...metrics) <= 500, `${Math.max(...metrics)} metrics in a widget`);
          const all = metrics.reduce((sum, count) => sum + count, 0);
          ok(all <= 2500, `${all} metrics in a dashboard`);
        }
        const text = JSON.stringify(dashboards);
        for (const { id } of rules) ok(text.includes(`"label":"${id}"`), id);
      }),
      { numRuns: 30 },
    );
  });

  it("keep the limit of widgets where every rule has a destination of its own", () => {
    const dashboards = drawn(rulesTo(...Array.from({ length: 1000 }, () => 1)));
    ok(dashboards.every((widgets) => widgets.length <= 500));
    strictEqual(dashboards.flat().filter(({ type }) => type === "text").length, 1000);
  });

  it("are one for up to 624 rules of few destinations, and two for one more", () => {
    deepStrictEqual([drawn(rulesTo(500, 124)).length, drawn(rulesTo(500, 125)).length], [1, 2]);
  });

  it("begin in a new row for each destination, and no widget lies over another", () => {
    const [widgets = []] = drawn(rulesTo(3, 2, 1));
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from(
        { length: width * height },
        (_, cell) => `${x + (cell % width)},${y + Math.floor(cell / width)}`,
      ),
    );
    strictEqual(new Set(cells).size, cells.length);
    ok(widgets.every(({ x, width }) => x + width <= 24));
  });

  it("have names without dots, which CloudWatch refuses", () => {
    strictEqual(dashboardName("arn:aws:s3:::a.b-c"), "s3-replication-a_b-c");
  });
});
