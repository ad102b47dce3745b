/** KMS's states of keys, as far as they differ in what a key is good for. */
import type { KeyState } from "./snapshot";

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
export const KEY_STATES: Readonly<Record<string, KeyState["state"]>> = {
  Enabled: "Enabled",
  Updating: "Enabled",
  Disabled: "Disabled",
  PendingDeletion: "PendingDeletion",
  PendingReplicaDeletion: "PendingDeletion",
  PendingImport: "PendingImport",
  Creating: "Unavailable",
  Unavailable: "Unavailable",
};
