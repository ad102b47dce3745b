/** Decides on requests, or parses the policies that have a say in them, over and over: `iam.js decide|parse`. */
import { measured } from "../harness/measured";
import { questions } from "./questions";

/** Before measuring, so that nothing is compiled or cached while it is measured. */
const WARM_UP = 2000;
const ROUNDS = 2000;

async function load(what: string | undefined): Promise<() => void> {
  const { decide, parsePolicy } = await import("../../../bin/iam");
  const prepared = questions(parsePolicy);
  const repeat = (rounds: number) => {
    for (let round = 0; round < rounds; round += 1) {
      for (const { request, policies, texts } of prepared) {
        if (what === "decide") decide(request, policies);
        else for (const text of texts) JSON.parse(text);
      }
    }
  };
  repeat(WARM_UP);
  return () => repeat(ROUNDS);
}

void measured(() => load(process.argv[2]));
