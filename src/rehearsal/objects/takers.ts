/** Which rules take the keys of a class. */
import { filterOf, type ReplicationRuleJson } from "../../replication/rules";
import type { TextClass } from "../../textClasses/keyClasses";
import { unique } from "../../util/grouping";
import type { Cuts } from "./cuts";

export class Takers {
  /** Places of rules, by the place of the cut that their prefix is. */
  private readonly byPrefix = new Map<number, number[]>();
  private readonly ofAll: number[] = [];
  private readonly isTagged: readonly boolean[];
  /** By place of a rule, the number of its destination. */
  private readonly destinations: readonly number[];

  constructor(
    private readonly rules: readonly ReplicationRuleJson[],
    cuts: Cuts,
  ) {
    this.isTagged = rules.map((rule) => filterOf(rule).tags.length > 0);
    const numbers = new Map(
      unique(rules.map(({ Destination }) => Destination.Bucket)).map((arn, number) => [arn, number]),
    );
    this.destinations = rules.map(({ Destination }) => numbers.get(Destination.Bucket) ?? 0);
    rules.forEach((rule, index) => {
      const place = cuts.addPrefix(filterOf(rule).prefix);
      if (typeof place !== "number") this.ofAll.push(index);
      else this.byPrefix.set(place, [...(this.byPrefix.get(place) ?? []), index]);
    });
  }

  isPrefix(place: number): boolean {
    return this.byPrefix.has(place);
  }

  /**
   * In the order of the rules. Of those without tags that send to one destination, only the one that decides among them,
   * and the first, which says where the destination comes in that order.
   */
  rulesFor({ matches }: TextClass): ReplicationRuleJson[] {
    const places = [...this.ofAll];
    for (const cut of matches) {
      for (const place of this.byPrefix.get(cut) ?? []) places.push(place);
    }
    const kept = new Set<number>();
    /** By number of the destination, the place of the rule that decides. */
    const deciding: number[] = [];
    for (const place of inOrder(places)) {
      const destination = this.destinations[place] ?? 0;
      const winner = deciding[destination];
      if (this.isTagged[place] === true) kept.add(place);
      else if (winner === undefined) {
        kept.add(place);
        deciding[destination] = place;
      } else if (this.priorityAt(place) > this.priorityAt(winner)) deciding[destination] = place;
    }
    for (const place of deciding) if (place !== undefined) kept.add(place);
    return inOrder([...kept]).flatMap((place) => this.rules[place] ?? []);
  }

  private priorityAt(place: number): number {
    return this.rules[place]?.Priority ?? 0;
  }
}

function inOrder(numbers: number[]): readonly number[] {
  const isInOrder = numbers.every((each, index) => index === 0 || (numbers[index - 1] ?? 0) < each);
  return isInOrder ? numbers : numbers.sort((left, right) => left - right);
}
