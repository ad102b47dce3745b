/** What watching makes once a bucket, by the bucket's name: the second of a name would replace the first without an error. */
import { InvalidInputError } from "../../input/problems";
import type { PlainMonitoringArgs, ReplicationRule } from "../../replication/arguments/arguments";
import { hasFailureEvents, isWatched } from "../../replication/arguments/watching";
import { runOfProgram } from "../userErrors";

interface WatchingArgs {
  readonly bucketName: string;
  readonly rules: readonly Pick<ReplicationRule, "enabled" | "metrics">[];
  readonly monitoring?: PlainMonitoringArgs & { readonly alarms?: boolean; readonly dashboard?: boolean };
  readonly existingBucket?: { readonly notification?: object };
}

/** Which component makes what, by run of a program. */
const makers = new WeakMap<object, Map<string, string>>();

/**
 * @param subject The component, for messages: `ReplicationSource 'data'`.
 * @throws InvalidInputError where another component of the program makes the same for the bucket.
 */
export function assertMadeOnce(subject: string, args: WatchingArgs): void {
  if (!args.rules.some(isWatched)) return;
  const { alarms = true, dashboard = false } = args.monitoring ?? {};
  const fields = [
    ...(alarms ? ["alarms"] : []),
    ...(hasFailureEvents(args) ? ["failureQueue"] : []),
    ...(dashboard ? ["dashboard"] : []),
  ];
  const run = runOfProgram();
  const madeBy = makers.get(run) ?? new Map<string, string>();
  makers.set(run, madeBy);
  const problems = fields.flatMap((field) => {
    const thing = `${field} of ${args.bucketName}`;
    const other = madeBy.get(thing);
    madeBy.set(thing, other ?? subject);
    return other === undefined
      ? []
      : `'monitoring.${field}' must be false in all components of a bucket but one, for their names are made of the bucket's, got true, as in ${other}, for bucket '${args.bucketName}'; a ReplicationSource watches its own bucket: leave the other component out, or say false in one of them`;
  });
  if (problems.length > 0) throw new InvalidInputError(subject, problems);
}
