/** What callers need policies for, which the command line says before anything else is loaded. */
import { COMMANDS } from "./commandActions";

export const PURPOSES = ["destination", "source", ...COMMANDS] as const;

/** Deploying a side, or running a command. */
export type Purpose = (typeof PURPOSES)[number];
