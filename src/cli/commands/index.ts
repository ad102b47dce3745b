/** All commands, in the order of the help. */
import type { Command } from "commander";
import { backfill } from "./backfill";
import { doctor } from "./doctor";
import { fleet } from "./fleet";
import { permissions } from "./permissions";
import { reconcile } from "./reconcile";
import { rehearse } from "./rehearse";
import { status } from "./status";
import { verify } from "./verify";

/** Each adds a command to a program. */
export const COMMAND_DEFINITIONS: readonly ((program: Command) => void)[] = [
  rehearse,
  doctor,
  verify,
  backfill,
  reconcile,
  status,
  fleet,
  permissions,
];
