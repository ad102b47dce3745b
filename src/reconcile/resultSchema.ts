/** The form of what 's3-replication reconcile --json' prints. */
import * as v from "valibot";
import { ENGINES } from "./engine";
import { CAUSES, type Cause, STATES } from "./meaning/causes";
import type { ReconcileResult } from "./result";

const text = v.string();
const number = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const time = v.pipe(text, v.description("ISO 8601"));
const bytes = v.pipe(number, v.description("Bytes of the versions whose size is known"));
const cause = v.picklist(Object.keys(CAUSES) as Cause[]);
const remedy = v.picklist(["batch replication", "copy", "restore", "customer key", "wait", "none"]);
const rule = v.optional(
  v.pipe(text, v.description("Rule that takes the versions; left out where none does")),
);

export const RECONCILE_SCHEMA = v.pipe(
  v.strictObject({
    verdict: v.pipe(
      v.picklist(["complete", "incomplete", "undecided"]),
      v.description(
        "incomplete: something is missing; undecided: nothing is known to be, and not all could be told",
      ),
    ),
    source: v.strictObject({ bucketName: text, accountId: text, region: text }),
    prefix: v.optional(v.pipe(text, v.description("Only keys that begin with it were looked at"))),
    engine: v.strictObject({ name: v.picklist(ENGINES), because: text }),
    listedAt: v.pipe(time, v.description("When the source was listed, ISO 8601")),
    versions: v.pipe(number, v.description("Versions and delete markers of the source")),
    bytes,
    isWhole: v.pipe(v.boolean(), v.description("Whether every version was looked at")),
    destinations: v.array(
      v.strictObject({
        bucketName: text,
        accountId: v.optional(text),
        region: text,
        listedAt: time,
        counts: v.pipe(
          v.array(
            v.strictObject({
              state: v.picklist(STATES),
              cause,
              rule,
              reason: text,
              remedy,
              versions: number,
              bytes,
              oldest: v.optional(time),
              newest: v.optional(time),
              prefixes: v.pipe(
                v.array(v.strictObject({ prefix: text, versions: number, bytes })),
                v.description("Folders with most of these versions, most first"),
              ),
              examples: v.array(v.strictObject({ key: text, versionId: text })),
            }),
          ),
          v.description("Versions that were decided on alike"),
        ),
      }),
    ),
    held: v.pipe(
      v.array(v.strictObject({ status: v.picklist(["FAILED", "PENDING"]), versions: number, bytes })),
      v.description("Versions that lifecycle neither expires nor moves, as far as their status was read"),
    ),
    explanations: v.pipe(
      v.array(
        v.strictObject({
          destination: text,
          cause,
          rule,
          key: text,
          versionId: text,
          onPaper: v.pipe(
            v.picklist(["COMPLETED", "FAILED", "NOT_REPLICATED", "UNPROVEN"]),
            v.description("What would become of it with the settings of now"),
          ),
          reason: text,
          missing: v.array(text),
        }),
      ),
      v.description("What the settings say of one version of each cause"),
    ),
    manifests: v.pipe(
      v.array(v.strictObject({ remedy, cause, files: v.array(text), versions: number, next: text })),
      v.description("What --manifest wrote"),
    ),
    notCompared: v.array(text),
    notes: v.array(text),
  }),
  v.description("What 's3-replication reconcile --json' prints"),
) satisfies v.GenericSchema<ReconcileResult>;
