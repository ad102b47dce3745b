/** The form of the policies of callers: `--json` prints exactly this. */
import * as v from "valibot";
import { PURPOSES } from "./purposes";

const oneOrMany = v.union([v.string(), v.array(v.string())]);

export const CALLER_POLICIES_SCHEMA = v.pipe(
  v.strictObject({
    policies: v.pipe(
      v.array(
        v.strictObject({
          accountId: v.optional(
            v.pipe(
              v.string(),
              v.description(
                "Account of the caller. Left out: the management account of the organization, or one that it delegates this to",
              ),
            ),
          ),
          for: v.pipe(v.array(v.picklist(PURPOSES)), v.description("What the caller does")),
          policy: v.pipe(
            v.strictObject({
              Version: v.literal("2012-10-17"),
              Statement: v.array(
                v.strictObject({
                  Sid: v.string(),
                  Effect: v.literal("Allow"),
                  Action: oneOrMany,
                  Resource: oneOrMany,
                  Condition: v.optional(v.record(v.string(), v.record(v.string(), v.string()))),
                }),
              ),
            }),
            v.description("IAM policy that allows this, and nothing else"),
          ),
          characters: v.pipe(
            v.number(),
            v.safeInteger(),
            v.description("As IAM counts them: without white space"),
          ),
        }),
      ),
      v.description("One for each account"),
    ),
    notes: v.pipe(v.array(v.string()), v.description("What the policies do not say, a sentence each")),
  }),
  v.title("What 's3-replication permissions --json' prints"),
);
