/** Asks Node.js 22.1 and later to keep compiled modules between runs, which halves the time of a short command. */
import * as nodeModule from "node:module";

const { enableCompileCache } = nodeModule as { enableCompileCache?: () => unknown };
enableCompileCache?.();
