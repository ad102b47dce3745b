/** Which room may import which: the floors of the house, checked by `npm run lint`. */

/** The floors from the ground up. A room imports rooms of lower floors, and its own. */
const FLOORS = [
  ["util", "naming", "output"],
  ["input"],
  ["files", "iam"],
  ["textClasses", "replication"],
  ["snapshot"],
  ["aws", "resources"],
  ["components", "failureEvents", "readers"],
  ["callers", "plugin", "program", "rehearsal"],
  ["backfill", "doctor", "reconcile", "status"],
  ["fleet", "verification"],
  ["cli"],
];
/** Rooms that know neither Pulumi nor the network. */
const PURE = [
  "util",
  "naming",
  "output",
  "input",
  "iam",
  "textClasses",
  "replication",
  "snapshot",
  "resources",
  "rehearsal",
  "callers",
];

const room = (names) => `^src/(${names.join("|")})/`;

const directions = FLOORS.flatMap((names, floor) =>
  names.map((name) => ({
    name: `${name}-imports-lower-floors-only`,
    severity: "error",
    from: { path: room([name]) },
    to: { path: "^src/", pathNot: room([...FLOORS.slice(0, floor).flat(), name]) },
  })),
);

module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    ...directions,
    {
      name: "every-file-has-a-room",
      severity: "error",
      from: { path: "^src/", pathNot: [room(FLOORS.flat()), "^src/index.ts$"] },
      to: {},
    },
    {
      name: "pure-rooms-know-no-pulumi-and-no-network",
      severity: "error",
      from: { path: room(PURE) },
      to: { path: "node_modules/(@pulumi|@aws-sdk)/|^(node:)?(net|http|https|dns|tls|child_process)$" },
    },
    {
      name: "the-meaning-of-reconcile-knows-no-network",
      severity: "error",
      from: { path: "^src/reconcile/(meaning|report)/" },
      to: { path: "node_modules/(@pulumi|@aws-sdk)/|^(node:)?(net|http|https|dns|tls|child_process)$" },
    },
    {
      name: "the-meaning-of-a-fleet-knows-no-network",
      severity: "error",
      from: { path: "^src/fleet/(meaning|report)/" },
      to: { path: "node_modules/(@pulumi|@aws-sdk)/|^(node:)?(net|http|https|dns|tls|child_process)$" },
    },
    {
      name: "policy-pack-judges-by-itself",
      severity: "error",
      from: { path: "^policypack/" },
      to: { path: "^src/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
