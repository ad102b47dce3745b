/** Loads a program as the language host does, and runs nothing: `start.js readyMade|empty`. */
import { measured } from "../harness/measured";

const PROGRAMS = {
  readyMade: () => import("../../../bin/program/program"),
  empty: async () => {
    await import("@pulumi/pulumi");
    await import("@pulumi/aws/s3");
  },
};

const [name] = process.argv.slice(2);
void measured(() => Promise.resolve(PROGRAMS[name as keyof typeof PROGRAMS]));
