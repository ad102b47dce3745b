/** Builds N pairs in one way, and says what loading and building took: `build.js <contender> <N>`. */
import { measured } from "../harness/measured";

const CONTENDERS = {
  components: async () => {
    const [{ components }, { runInProcess }] = [await import("./components"), await import("./inProcess")];
    return (count: number) => runInProcess(() => components(count));
  },
  byHand: async () => {
    const [{ byHand }, { runInProcess }] = [await import("./byHand/program"), await import("./inProcess")];
    return (count: number) => runInProcess(() => byHand(count));
  },
  cdk: async () => (await import("./cdk")).cdk,
};

const [contender, count] = process.argv.slice(2);
void measured(CONTENDERS[contender as keyof typeof CONTENDERS], Number(count));
