/**
 * Where everything of the drawing goes: source accounts in a column at the left, destination accounts at the right.
 * Each arrow ends in a straight piece of its own at the left of what it points to, where its label stands: so no two
 * labels can meet, however many arrows there are.
 */
import { grouped } from "../../../util/grouping";
import type { Flow, Place, PlaceMap } from "./map";
import { wrapText } from "./wrapText";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedPlace extends Box {
  readonly place: Place;
  readonly name: readonly string[];
  readonly notes: readonly string[];
}

export interface PlacedAccount extends Box {
  readonly accountId: string;
  readonly side: Place["side"];
}

export interface PlacedFlow {
  readonly flow: Flow;
  /** SVG path. */
  readonly path: string;
  /** Where the arrow's head points. */
  readonly tip: { readonly x: number; readonly y: number };
  /** Left end of the label's base line. */
  readonly label: { readonly x: number; readonly y: number };
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly accounts: readonly PlacedAccount[];
  readonly places: readonly PlacedPlace[];
  readonly flows: readonly PlacedFlow[];
}

export const TEXT = { padding: 12, kind: 20, line: 16, name: 37, notes: 40 } as const;

const EDGE = 2;
const PADDING = 16;
const HEADING = 52;
const SPACE = 18;
const PLACE_WIDTH = 284;
/** Room for a label left of a place, and for the upright lines left of that. */
const LABEL = { source: 130, destination: 186 } as const;
const LANE = 9;
const CURVE = 120;
/** Between two arrows that end at the same place: room for a label. */
const PORT = 24;
const ARROWHEAD = 7;

export function layOut(map: PlaceMap): Layout {
  return new LayoutBuilder(map).build();
}

class LayoutBuilder {
  private readonly placed = new Map<string, PlacedPlace>();
  private readonly accounts: PlacedAccount[] = [];
  private readonly lanes: Map<Flow, number>;
  private readonly gutter: number;

  constructor(private readonly map: PlaceMap) {
    // Heights do not depend on the width of the gutter, so places are put twice: lanes need to know what they pass.
    this.gutter = LABEL.source;
    this.placeAll();
    this.lanes = assignLanes(this.inner(), (id) => this.at(id));
    this.gutter += LANE * Math.max(1, ...[...this.lanes.values()].map((lane) => lane + 1));
    this.placeAll();
  }

  build(): Layout {
    const boxes = this.accounts;
    return {
      width: Math.max(...boxes.map(({ x, width }) => x + width), 0) + EDGE,
      height: Math.max(...boxes.map(({ y, height }) => y + height), 0) + EDGE,
      accounts: boxes,
      places: [...this.placed.values()],
      flows: this.map.flows.map((flow) => this.draw(flow)),
    };
  }

  private placeAll(): void {
    this.placed.clear();
    this.accounts.length = 0;
    const left = EDGE;
    const leftWidth = PADDING + this.gutter + PLACE_WIDTH + PADDING;
    const right = left + leftWidth + CURVE + LABEL.destination - PADDING;
    const heights = [
      this.placeSide("source", left, leftWidth, PADDING + this.gutter),
      this.placeSide("destination", right, PLACE_WIDTH + 2 * PADDING, PADDING),
    ];
    this.centre(Math.max(...heights));
  }

  private placeSide(side: Place["side"], x: number, width: number, indent: number): number {
    let y = EDGE;
    const accounts = grouped(
      this.map.places.filter((place) => place.side === side),
      ({ accountId }) => accountId,
    );
    for (const [accountId, members] of accounts) {
      const top = y;
      y += HEADING;
      for (const place of [...members].sort(
        (one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind),
      )) {
        const name = wrapText([place.name], TEXT.name, 3);
        const notes = wrapText(place.notes, TEXT.notes, 4);
        const text = TEXT.padding + TEXT.kind + TEXT.line * (name.length + notes.length) + TEXT.padding - 4;
        const height = Math.max(text, this.portsOf(place.id).length * PORT + PADDING);
        this.placed.set(place.id, { place, name, notes, x: x + indent, y, width: PLACE_WIDTH, height });
        y += height + SPACE;
      }
      y += PADDING - SPACE;
      this.accounts.push({ accountId, side, x, y: top, width, height: y - top });
      y += SPACE;
    }
    return y - SPACE;
  }

  /** The shorter column stands in the middle of the longer one. */
  private centre(height: number): void {
    for (const side of ["source", "destination"] as const) {
      const own = this.accounts.filter((account) => account.side === side);
      const down = (height - Math.max(0, ...own.map((account) => account.y + account.height))) / 2;
      for (const account of own)
        this.accounts[this.accounts.indexOf(account)] = { ...account, y: account.y + down };
      for (const [id, placed] of this.placed) {
        if (placed.place.side === side) this.placed.set(id, { ...placed, y: placed.y + down });
      }
    }
  }

  private at(id: string): PlacedPlace {
    const placed = this.placed.get(id);
    if (placed === undefined) throw new Error(`an arrow goes to ${id}, which is no place`);
    return placed;
  }

  /** Arrows within the column of source accounts. */
  private inner(): Flow[] {
    return this.map.flows.filter(({ kind }) => kind === "read" || kind === "decrypt");
  }

  /** Arrows that have an end at the left of a place, from above to below. */
  private portsOf(id: string): Flow[] {
    // On the first of the two rounds nothing has a height yet, and the order does not matter.
    const heightOf = (end: string | undefined) => (end === undefined ? 0 : (this.placed.get(end)?.y ?? 0));
    const into = this.map.flows
      .filter(({ to }) => to === id)
      .sort((one, other) => heightOf(one.from) - heightOf(other.from));
    // Of arrows that leave a role, the one that goes farthest leaves nearest to its middle: then none cross.
    const out = this.inner()
      .filter(({ from }) => from === id)
      .sort((one, other) => heightOf(other.to) - heightOf(one.to));
    const isUp = ({ to }: Flow) => heightOf(to) < heightOf(id);
    return [...out.filter(isUp), ...into, ...out.filter((flow) => !isUp(flow))];
  }

  private portY(id: string, flow: Flow): number {
    const { y, height } = this.at(id);
    const ports = this.portsOf(id);
    // A label stands on its line, so that ports are a little below the middle.
    return y + height / 2 + 4 + (ports.indexOf(flow) - (ports.length - 1) / 2) * PORT;
  }

  private draw(flow: Flow): PlacedFlow {
    const target = this.at(flow.to);
    const y = this.portY(flow.to, flow);
    const tip = { x: target.x - 1, y };
    const end = tip.x - ARROWHEAD;
    if (flow.from === undefined) {
      const label = { x: target.x - LABEL.source + 8, y: y - 6 };
      return { flow, tip, label, path: `M ${EDGE} ${y} H ${end}` };
    }
    const source = this.at(flow.from);
    const lane = this.lanes.get(flow);
    if (lane !== undefined) {
      const x = source.x - LABEL.source - LANE * lane;
      const label = { x: target.x - LABEL.source + 8, y: y - 6 };
      return {
        flow,
        tip,
        label,
        path: `M ${source.x} ${this.portY(flow.from, flow)} H ${x} V ${y} H ${end}`,
      };
    }
    const from = { x: source.x + source.width, y: this.exitY(flow.from, flow) };
    const straight = target.x - LABEL.destination;
    const bend = (straight - from.x) * 0.55;
    const path = `M ${from.x} ${from.y} C ${from.x + bend} ${from.y} ${straight - bend} ${y} ${straight} ${y} H ${end}`;
    return { flow, tip, label: { x: straight + 4, y: y - 6 }, path };
  }

  /** Where an arrow leaves the right of a place: in the order of where the arrows go. */
  private exitY(id: string, flow: Flow): number {
    const { y, height } = this.at(id);
    const exits = this.map.flows
      .filter((each) => each.from === id && !this.lanes.has(each))
      .sort((one, other) => this.at(one.to).y - this.at(other.to).y);
    const step = Math.min(12, (height - 16) / exits.length);
    return y + height / 2 + (exits.indexOf(flow) - (exits.length - 1) / 2) * step;
  }
}

const KINDS: readonly Place["kind"][] = ["bucket", "role", "key"];

/** Upright lines side by side: short ones inside, and none over another. */
function assignLanes(flows: readonly Flow[], at: (id: string) => PlacedPlace): Map<Flow, number> {
  const spans = flows.map((flow) => {
    const ends = [at(flow.from ?? flow.to).y, at(flow.to).y];
    return { flow, top: Math.min(...ends), bottom: Math.max(...ends) };
  });
  spans.sort((one, other) => one.bottom - one.top - (other.bottom - other.top));
  const taken: (typeof spans)[] = [];
  const lanes = new Map<Flow, number>();
  for (const span of spans) {
    const free = taken.findIndex((lane) =>
      lane.every(({ top, bottom }) => bottom <= span.top || top >= span.bottom),
    );
    const lane = free === -1 ? taken.length : free;
    (taken[lane] ??= []).push(span);
    lanes.set(span.flow, lane);
  }
  return lanes;
}
