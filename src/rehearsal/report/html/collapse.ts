/** Keeps the drawing small: of many accounts and buckets, the least bad ones are drawn as one place. */
import { grouped } from "../../../util/grouping";
import { count } from "../../../output/counts";
import type { Flow, Place, PlaceMap } from "./map";
import { badness, type Status, worst } from "./status";

/** Accounts on a side. */
const MOST_ACCOUNTS = 6;
/** Places of a kind on a side, shared by its accounts. */
const MOST_PLACES = 8;

/** The place that is drawn instead of a place, by its id. */
type Stands = Map<string, Pick<Place, "id" | "accountId">>;

export function collapse(map: PlaceMap): PlaceMap {
  const fewerAccounts = merge(map, restOfAccounts(map));
  return merge(fewerAccounts, restOfPlaces(fewerAccounts));
}

function restOfAccounts(map: PlaceMap): Stands {
  const stands: Stands = new Map();
  const statusOf = statuses(map);
  for (const [side, places] of grouped(map.places, (place) => place.side)) {
    const accounts = [...grouped(places, ({ accountId }) => accountId).values()];
    const rest = leastBad(accounts, MOST_ACCOUNTS, (members) => worst(members.map(statusOf)));
    const accountId = count(rest.length, "more account");
    for (const { id, kind } of rest.flat()) stands.set(id, { id: `rest ${side} ${kind}`, accountId });
  }
  return stands;
}

function restOfPlaces(map: PlaceMap): Stands {
  const stands: Stands = new Map();
  const statusOf = statuses(map);
  for (const onSide of grouped(map.places, ({ side }) => side).values()) {
    const accounts = new Set(onSide.map(({ accountId }) => accountId)).size;
    const limit = Math.max(2, Math.floor(MOST_PLACES / accounts));
    const kinds = grouped(onSide, ({ side, kind, accountId }) => `rest ${side} ${kind} ${accountId}`);
    for (const [id, places] of kinds) {
      for (const place of leastBad(places, limit, statusOf))
        stands.set(place.id, { id, accountId: place.accountId });
    }
  }
  return stands;
}

/** How bad a place looks: by itself, or by an arrow that touches it. */
function statuses({ places, flows }: PlaceMap): (place: Place) => Status {
  const found = new Map(places.map(({ id, status }) => [id, status]));
  for (const { from, to, status } of flows) {
    for (const id of [from, to]) {
      if (id !== undefined) found.set(id, worst([status, found.get(id) ?? "idle"]));
    }
  }
  return ({ id }) => found.get(id) ?? "idle";
}

/** What goes beyond the limit; the worst stay, so that no problem hides among the rest. */
function leastBad<T>(values: readonly T[], limit: number, statusOf: (value: T) => Status): T[] {
  if (values.length <= limit) return [];
  return [...values].sort((one, other) => badness(statusOf(one)) - badness(statusOf(other))).slice(limit - 1);
}

function merge({ places, flows }: PlaceMap, stands: Stands): PlaceMap {
  if (stands.size === 0) return { places, flows };
  const standFor = (id: string) => stands.get(id)?.id ?? id;
  const arrows = grouped(flows, ({ kind, from, to }) =>
    JSON.stringify([kind, from === undefined ? "" : standFor(from), standFor(to)]),
  );
  return {
    places: [...grouped(places, ({ id }) => standFor(id))].flatMap(([id, members]) => {
      const [first] = members;
      if (first === undefined || first.id === id) return members;
      return [
        restOf(members, { ...first, id, accountId: stands.get(first.id)?.accountId ?? first.accountId }),
      ];
    }),
    flows: [...arrows.values()].flatMap((members): Flow[] => {
      const [first] = members;
      if (first === undefined) return [];
      return [
        {
          kind: first.kind,
          from: first.from === undefined ? undefined : standFor(first.from),
          to: standFor(first.to),
          status: worst(members.map(({ status }) => status)),
          facts: members.flatMap(({ facts }) => facts),
        },
      ];
    }),
  };
}

function restOf(members: readonly Place[], place: Place): Place {
  const others = count(members.length, place.kind);
  const isAccount = /^\d+$/.test(place.accountId);
  return {
    ...place,
    name: isAccount ? others.replace(" ", " more ") : others,
    title: isAccount ? `${others} of account ${place.accountId}` : `${others} of ${place.accountId}`,
    notes: [],
    status: worst(members.map(({ status }) => status)),
    reasons: [],
  };
}
