/** What a status says, as types, and what it comes to. */
import type { InferOutput } from "valibot";
import type { alarm, lastCanary, receiver, rule, STATUS_SCHEMA } from "./reportSchema";

export type StatusReport = InferOutput<typeof STATUS_SCHEMA>;
export type RuleStatus = InferOutput<typeof rule>;
export type RuleMetrics = NonNullable<RuleStatus["metrics"]>;
export type AlarmStatus = InferOutput<typeof alarm>;
export type EventReceiver = InferOutput<typeof receiver>;
export type LastCanary = InferOutput<typeof lastCanary>;

/** The process's exit code for a verdict. */
export const EXIT_CODES: Readonly<Record<StatusReport["verdict"], number>> = { fine: 0, wrong: 1, unread: 3 };
