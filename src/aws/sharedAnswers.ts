/** Answers of AWS that many questions share: each is asked for once, kept for a while, and so many are asked for at once. */
import pLimit from "p-limit";
import { isAbsent, isRefused } from "./failures";

/** Of all accounts together. */
const MOST_AT_ONCE = 32;

/** Answers that are kept, at most: beyond it those go that nobody asked for the longest. */
const MOST_KEPT = 4_000;

/** Operations that change nothing. What a queue hands out is another thing each time. */
const READING = /^(Get|List|Describe|Head)/;

/** What a client of the SDK shows of itself here. */
interface Client {
  send(command: { readonly input: object }, options?: object): Promise<object>;
}

/** For commands that ask of many buckets, whose destinations, keys and accounts are often the same ones. */
export class SharedAnswers {
  private readonly kept = new Map<string, Promise<object>>();
  private readonly limit = pLimit(MOST_AT_ONCE);

  constructor(private readonly mostKept = MOST_KEPT) {}

  /** @param place Who asks whom: caller, service and Region. */
  attachTo(client: object, place: string): void {
    const asked = client as Client;
    const send = asked.send.bind(client);
    asked.send = (command, options) => {
      const ask = () => this.limit(() => send(command, options));
      const { name } = command.constructor;
      return READING.test(name) ? this.once(JSON.stringify([place, name, command.input]), ask) : ask();
    };
  }

  private once(question: string, ask: () => Promise<object>): Promise<object> {
    const known = this.kept.get(question);
    this.kept.delete(question);
    const answer = known ?? this.forNow(question, ask);
    this.kept.set(question, answer);
    const [oldest] = this.kept.keys();
    if (this.kept.size > this.mostKept && oldest !== undefined) this.kept.delete(oldest);
    return answer;
  }

  /** A refusal is an answer. What failed otherwise may be answered the next time. */
  private async forNow(question: string, ask: () => Promise<object>): Promise<object> {
    try {
      return await ask();
    } catch (error) {
      if (!isRefused(error) && !isAbsent(error)) this.kept.delete(question);
      throw error;
    }
  }
}
