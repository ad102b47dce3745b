import { resolve } from "node:path";

/** Where the project is. */
export const REPOSITORY = resolve(__dirname, "../../..");

/** What the ready-made program is made of, as a clone of the repository holds it. */
export const READY_MADE = [
  "Pulumi.yaml",
  "Pulumi.destination.yaml",
  "Pulumi.source.yaml",
  "package.json",
  "tsconfig.json",
  "src",
];
