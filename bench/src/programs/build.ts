/** Builds N pairs in one way: `build.js components|byHand|cdk <N>`. */
import { measured } from "../harness/measured";

async function load([contender, size]: readonly string[]): Promise<() => unknown> {
  const count = Number(size);
  if (contender === "cdk") {
    const { cdk } = await import("./cdk");
    return () => cdk(count);
  }
  const { runInProcess } = await import("./inProcess");
  const build =
    contender === "components"
      ? (await import("./components")).components
      : (await import("./byHand/program")).byHand;
  return () => runInProcess(() => build(count));
}

void measured(() => load(process.argv.slice(2)));
