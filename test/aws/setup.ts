/** Loaded before the tests against the local emulator. Without an emulator there is nothing to test. */
import { hasEmulator } from "./support/emulator";

export * from "../setup";

if (!hasEmulator()) {
  console.log("The tests against an AWS emulator were skipped: there is no 'moto_server' on PATH.");
  process.exit(0);
}
