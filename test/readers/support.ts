/** What the tests of the readers start from. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parsePreview } from "../../src/readers/engine/fromPreview";
import { snapshotOfStacks } from "../../src/readers/engine/fromStacks";
import { parseSnapshot } from "../../src/snapshot/snapshotFile";
import { rehearse } from "../../src/rehearsal/rehearse";
import { parseState } from "../../src/readers/engine/fromState";
import type { AccountNames } from "../../src/readers/providerAccounts";
import type { BucketState, KeyState, RoleState, Snapshot } from "../../src/snapshot/snapshot";

export const FIXTURES = join(__dirname, "fixtures");

/** A resource as the engine writes it down. */
export interface Written {
  urn: string;
  type: string;
  id?: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  provider?: string;
  created?: string;
  [more: string]: unknown;
}

export interface WrittenState {
  version: number;
  deployment: { resources: Written[] };
}

export function state(name: "vault" | "orders"): WrittenState {
  return JSON.parse(readFileSync(join(FIXTURES, `${name}.state.json`), "utf8")) as WrittenState;
}

/** The one resource of a type, by the end of its token. */
export function find({ deployment }: WrittenState, type: string): Written {
  const found = deployment.resources.filter((resource) => resource.type.endsWith(`:${type}`));
  if (found.length !== 1 || found[0] === undefined)
    throw new Error(`${found.length} resources are a ${type}`);
  return found[0];
}

export function without(written: WrittenState, type: string): void {
  const gone = find(written, type);
  written.deployment.resources = written.deployment.resources.filter((resource) => resource !== gone);
}

const HOME = "urn:pulumi:test::test";
const PROVIDER = `${HOME}::pulumi:providers:aws::main`;

export interface NewResource {
  readonly type: string;
  readonly name?: string;
  readonly id?: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly [more: string]: unknown;
}

/** A state of one stack in account 111111111111 and eu-west-1, with these resources. */
export function stateOf(...resources: readonly NewResource[]): WrittenState {
  return {
    version: 3,
    deployment: {
      resources: [
        {
          urn: PROVIDER,
          type: "pulumi:providers:aws",
          id: "p",
          inputs: { region: "eu-west-1", allowedAccountIds: '["111111111111"]' },
          outputs: {},
        },
        ...resources.map(({ type, name = "it", id, outputs, ...more }) => ({
          urn: `${HOME}::${type}::${name}`,
          type,
          id: id ?? name,
          outputs: outputs ?? {},
          provider: `${PROVIDER}::p`,
          created: "2024-06-01T00:00:00Z",
          ...more,
        })),
      ],
    },
  };
}

export function read(...states: readonly unknown[]): Snapshot {
  return readWith({}, ...states);
}

export function readWith(accounts: AccountNames, ...states: readonly unknown[]): Snapshot {
  return snapshotOfStacks(
    states.map((one, index) => parseState(one, `--state ${index}.json`)),
    accounts,
  ).snapshot;
}

/** A preview of the same stack in which everything is made now, or stays. */
export function previewOf({ deployment }: WrittenState, op: "create" | "same"): unknown {
  return {
    steps: deployment.resources.map(({ outputs, id, created, ...rest }) => ({
      op,
      urn: rest.urn,
      ...(op === "same" ? { oldState: { ...rest, id, outputs, created } } : {}),
      newState: op === "same" ? { ...rest, id, outputs, created } : rest,
    })),
    changeSummary: { [op]: deployment.resources.length },
  };
}

export function readPreview(preview: unknown, accounts: AccountNames = {}): Snapshot {
  return snapshotOfStacks([parsePreview(preview, "--preview it.json")], accounts).snapshot;
}

export function bucket(snapshot: Snapshot, name: string): BucketState {
  const found = snapshot.buckets[`arn:aws:s3:::${name}`];
  if (found === undefined) throw new Error(`there are ${Object.keys(snapshot.buckets).join(", ")}`);
  return found;
}

export function onlyKey(snapshot: Snapshot): KeyState {
  const [key, ...others] = Object.values(snapshot.keys);
  if (key === undefined || others.length > 0) throw new Error(`there are ${others.length} keys more`);
  return key;
}

export function onlyRole(snapshot: Snapshot): RoleState {
  const [role, ...others] = Object.values(snapshot.accounts).flatMap(({ roles }) => Object.values(roles));
  if (role === undefined || others.length > 0) throw new Error(`there are ${others.length} roles more`);
  return role;
}

/** A file of its own, in a directory of its own. */
export function file(content: string | Uint8Array, name = "file.json"): string {
  const path = join(mkdtempSync(join(tmpdir(), "readers-")), name);
  writeFileSync(path, content);
  return path;
}

export const SECRET = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:c2FsdA==:bm90aGluZw==",
};

export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Runs what must fail. Pulumi's errors show as rejections that nobody handles too: here they are expected. */
export async function failure(run: () => Promise<unknown>): Promise<Error> {
  const listeners = process.listeners("unhandledRejection");
  const swallow = () => undefined;
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", swallow);
  try {
    await run();
  } catch (error) {
    if (error instanceof Error) return error;
  } finally {
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.off("unhandledRejection", swallow);
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
  throw new Error("it was expected to fail, and did not");
}

export const VAULT = "arn:aws:s3:::northwind-vault";
export const ORDERS = "arn:aws:s3:::northwind-orders";
export const ROLE = "arn:aws:iam::111111111111:role/service/orders-replication";

/** The snapshot of the deployed pair, free to be changed into what a file may hold. */
export function snapshot() {
  const plain = JSON.parse(JSON.stringify(read(state("vault"), state("orders")))) as {
    accounts: Record<string, Record<string, unknown> & { roles: Record<string, Record<string, unknown>> }>;
    buckets: Record<string, Record<string, unknown>>;
    keys: Record<string, Record<string, unknown>>;
    [more: string]: unknown;
  };
  const [keyArn = ""] = Object.keys(plain.keys);
  return {
    plain,
    vault: plain.buckets[VAULT]!,
    orders: plain.buckets[ORDERS]!,
    account: plain.accounts["111111111111"]!,
    role: plain.accounts["111111111111"]!.roles[ROLE]!,
    keyArn,
    key: plain.keys[keyArn]!,
  };
}

/** Verdict on what a file holds. */
export const verdictOf = (value: unknown) => rehearse(parseSnapshot(value, "it")).verdict;
