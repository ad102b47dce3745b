/** S3 at work on accounts in memory: objects and their replicas, until nothing is left to copy. */
import type { ObjectState, Snapshot } from "../../../src/snapshot/snapshot";
import { rehearse } from "../../../src/rehearsal/rehearse";

export interface Copy {
  readonly from: string;
  readonly to: string;
  readonly key: string;
}

/** More copies than this are a loop. */
const MOST_COPIES = 100;

/** Copies that follow from some new objects: a copy is an object of its bucket like any other, but a replica. */
export function copies(snapshot: Snapshot, written: readonly { bucket: string; key: string }[]): Copy[] {
  const made: Copy[] = [];
  let objects: ObjectState[] = written.map((object) => ({ ...object, encryption: { algorithm: "AES256" } }));
  while (objects.length > 0) {
    const copied = rehearse({ ...snapshot, objects }).objects.flatMap(
      ({ bucket, key, destination, outcome }) =>
        outcome === "COMPLETED" && destination !== undefined ? [{ from: bucket, to: destination, key }] : [],
    );
    made.push(...copied);
    if (made.length > MOST_COPIES)
      throw new Error(`more than ${MOST_COPIES} copies: replicas are replicated`);
    objects = copied.map(({ to, key }) => ({
      bucket: to,
      key,
      encryption: { algorithm: "AES256" },
      replica: true,
    }));
  }
  return made;
}
