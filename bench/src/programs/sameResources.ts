/** Whether both ways of building a pair register the same: otherwise there is nothing to compare. */
import { deepStrictEqual } from "node:assert";
import { measured } from "../harness/measured";
import { byHand } from "./byHand/program";
import { components } from "./components";
import { type Registered, runInProcess } from "./inProcess";

async function registeredBy(program: (count: number) => void): Promise<readonly Registered[]> {
  const registered: Registered[] = [];
  await runInProcess(
    () => program(2),
    (each) => registered.push(each),
  );
  return registered
    .filter(({ type }) => type.startsWith("aws:"))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

async function compare(): Promise<void> {
  deepStrictEqual(await registeredBy(components), await registeredBy(byHand));
}

void measured(() => Promise.resolve(compare));
