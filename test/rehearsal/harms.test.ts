/** Set-ups that replicate, and hurt: the verdict stays, and a warning says what will. */
import { deepStrictEqual, match, strictEqual } from "node:assert";
import type { ObjectState, Snapshot } from "../../src/snapshot/snapshot";
import { changeBucket, DESTINATION, object, rehearseWith, rule, setRules, SOURCE } from "../support/handMade";

type Change = (snapshot: Snapshot & { objects: ObjectState[] }) => unknown;

const WARNED: readonly (readonly [string, Change, RegExp])[] = [
  [
    "replicas that nobody in the destination's account can read",
    (s) => changeBucket(s, DESTINATION, { ownership: "ObjectWriter" }),
    /^replicas of rule 'all' stay with account 111111111111: nobody in account 222222222222 can read them/,
  ],
  [
    "a prefix that begins with a slash",
    (s) => setRules(s, rule({ Filter: { Prefix: "/" } })),
    /^the prefix '\/' of rule 'all' takes only keys that begin with a slash/,
  ],
  [
    "a prefix that is meant as a pattern",
    (s) => setRules(s, rule({ Filter: { Prefix: "reports/*" } })),
    /^the prefix 'reports\/\*' of rule 'all' takes only keys that hold the character '\*'/,
  ],
  [
    "a rule without metrics",
    (s) => setRules(s, rule({}, { Metrics: undefined })),
    /^rule 'all' has no metrics: S3 sends no event of its failed objects/,
  ],
  [
    "objects under Intelligent-Tiering",
    (s) => (s.objects = [object({ storageClass: "INTELLIGENT_TIERING" })]),
    /archive tiers of Intelligent-Tiering are not replicated/,
  ],
];

describe("a set-up that replicates and hurts", () => {
  for (const [what, change, warning] of WARNED) {
    it(`is warned of: ${what}`, () => {
      const { warnings } = rehearseWith(change);
      strictEqual(warnings.length, 1);
      match(warnings[0] ?? "", warning);
    });
  }

  it("is warned of in a Region that accounts opt in to", () => {
    const { warnings } = rehearseWith((s) => changeBucket(s, SOURCE, { region: "eu-south-2" }));
    match(warnings.join("\n"), /^eu-south-2 of hand-source is a Region that accounts opt in to/);
  });

  it("is none where the owner is overridden, the rule is off, or nothing is odd", () => {
    const harmless: Change[] = [
      () => undefined,
      (s) => {
        changeBucket(s, DESTINATION, { ownership: "ObjectWriter" });
        const override = { Account: "222222222222", AccessControlTranslation: { Owner: "Destination" } };
        setRules(s, rule({}, override));
      },
      (s) =>
        setRules(s, rule(), rule({ ID: "off", Priority: 2, Status: "Disabled" }, { Metrics: undefined })),
    ];
    for (const change of harmless) deepStrictEqual(rehearseWith(change).warnings, []);
  });
});
