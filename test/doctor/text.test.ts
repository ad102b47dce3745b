import { match } from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import type { Live } from "../../src/doctor/diagnose";
import { renderDiagnosis } from "../../src/doctor/text";
import { rehearseWith } from "../support/handMade";

const EVENT = { event: "s3:Replication:OperationFailedReplication", key: "a", time: "2026-11-21T14:00:00Z" };

describe("a diagnosis for people", () => {
  it("says one message, one event and one time in the singular", () => {
    const live = {
      bucket: "data",
      problems: [],
      unanswered: [],
      keys: [],
      notes: [],
      sample: { lookedAt: 0, listed: 0, isWhole: true },
      queues: [
        {
          arn: "arn:aws:sqs:eu-west-1:111111111111:q",
          waiting: 1,
          events: [EVENT],
          testEvents: 0,
          reasons: [
            { failureReason: "AssumeRoleNotPermitted", count: 1, key: "a", last: "2026-11-21", onPaper: [] },
          ],
        },
      ],
      eventsElsewhere: [],
    } as unknown as Live;
    const report = { ...rehearseWith(() => undefined), accounts: [], permissions: [] };
    const text = stripVTControlCharacters(renderDiagnosis({ ...report, live }));
    match(text, /:q: about 1 message waiting; 1 failure event\s+looked at\n/);
    match(text, /\n {2}AssumeRoleNotPermitted, 1 time, last 2026-11-21 \(a\)\n/);
  });
});
