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
  readonly middlewareStack: {
    add(
      middleware: (next: Handler, context: { readonly commandName?: string }) => Handler,
      options: { readonly step: "initialize"; readonly priority: "high"; readonly name: string },
    ): void;
  };
}

type Handler = (request: { readonly input: object }) => Promise<{ readonly output: object }>;

/** For commands that ask of many buckets, whose destinations, keys and accounts are often the same ones. */
export class SharedAnswers {
  private readonly kept = new Map<string, ReturnType<Handler>>();
  private readonly limit = pLimit(MOST_AT_ONCE);

  constructor(private readonly mostKept = MOST_KEPT) {}

  /** @param place Who asks whom: caller, service and Region. */
  attachTo(client: object, place: string): void {
    (client as Client).middlewareStack.add(
      (next, { commandName = "" }) =>
        (request) => {
          const ask = () => this.limit(() => next(request));
          if (!READING.test(commandName)) return ask();
          return this.once(JSON.stringify([place, commandName, request.input]), ask);
        },
      { step: "initialize", priority: "high", name: "sharedAnswers" },
    );
  }

  private once(question: string, ask: () => ReturnType<Handler>): ReturnType<Handler> {
    const known = this.kept.get(question);
    this.kept.delete(question);
    const answer = known ?? this.withoutConnection(question, ask());
    this.kept.set(question, answer);
    const [oldest] = this.kept.keys();
    if (this.kept.size > this.mostKept && oldest !== undefined) this.kept.delete(oldest);
    return answer;
  }

  /** A refusal is an answer. What failed otherwise may be answered the next time. */
  private async withoutConnection(question: string, asked: ReturnType<Handler>): ReturnType<Handler> {
    try {
      const { output } = await asked;
      return { output };
    } catch (error) {
      if (!isRefused(error) && !isAbsent(error)) this.kept.delete(question);
      throw error;
    }
  }
}
