import { resolve } from "node:path";

/** Where the project is. */
export const REPOSITORY = resolve(__dirname, "../../..");
