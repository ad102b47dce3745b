/** A fleet as it is drawn: buckets in their accounts, and an arrow for each pair. */
import type { Flow, Place, PlaceMap } from "../../rehearsal/report/html/map";
import type { Status } from "../../rehearsal/report/html/status";
import type { Harm, PairReport } from "../meaning/report";
import { withoutPair } from "./text";

/** How a harm is drawn. */
export const STATUSES: Readonly<Record<Harm, Status>> = {
  broken: "broken",
  failing: "broken",
  unwatched: "unproven",
  unproven: "unproven",
  fine: "proven",
};

/** A bucket that sends and receives is a place on each side. */
export function mapOfFleet(pairs: readonly PairReport[]): PlaceMap {
  const places = new Map<string, Place>();
  const place = (side: Place["side"], name: string, accountId: string, notes: readonly string[]) => {
    const id = JSON.stringify([side, name]);
    const title = `bucket ${name}`;
    if (!places.has(id)) {
      places.set(id, {
        id,
        side,
        kind: "bucket",
        accountId,
        name,
        title,
        notes,
        status: "idle",
        reasons: [],
      });
    }
    return id;
  };
  const flows = pairs.map((pair): Flow => {
    const { source, destination, harm, rules } = pair;
    const status = STATUSES[harm];
    const text = `${harm}: ${firstCauseOf(pair)}`;
    return {
      kind: "replicate",
      from: place("source", source.bucketName, source.accountId, [source.region]),
      to: place("destination", destination.bucketName, destination.accountId ?? "", notesOf(destination)),
      status,
      facts: rules.map((name) => ({ name, status, text })),
    };
  });
  return { places: [...places.values()], flows };
}

/** Why a pair is what it is, without its name. */
export function firstCauseOf(pair: PairReport): string {
  const [first] = pair.problems.filter(({ level }) => level !== "note");
  return first === undefined ? "proven, and nothing is wrong" : withoutPair(first.message, pair);
}

const PLACES: Readonly<Record<PairReport["destination"]["place"], string | undefined>> = {
  listed: undefined,
  member: "account not looked into",
  outside: "outside the organization",
  unlisted: "in an account that nobody lists",
  missing: "there is no such bucket",
};

function notesOf({ region, place, isPublic }: PairReport["destination"]): string[] {
  return [region, PLACES[place], isPublic ? "public" : undefined].filter((note) => note !== undefined);
}
