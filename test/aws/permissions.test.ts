/** Commands with the policies that `permissions` prints, before a proxy that refuses everything else. */
import { deepStrictEqual } from "node:assert";
import { COMMAND_ACTIONS, type CommandName, COMMANDS } from "../../src/callers/commandActions";
import { callerPolicies } from "../../src/callers/callerPolicies";
import type { PolicyJson } from "../../src/replication/policies";
import { actionsOf } from "../callers/support/actionsOf";
import { bucketNameOf } from "../../src/naming/names";
import type { Snapshot } from "../../src/snapshot/snapshot";
import { cli } from "../support/cli";
import { snapshotOf } from "../support/examples";
import { startEmulator } from "./support/emulator";
import { accountOptions, emulatorEnvironment } from "./support/environment";
import { JobsServer } from "./support/jobs";
import { operationOf } from "./support/operations";
import { EmulatedPair } from "./support/pairs";
import { plant } from "./support/plant";
import { type Answer, type Passing, ReplicatingProxy } from "./support/replicatingProxy";

/** Who is who, and what each was refused. */
class Guard {
  /** Accounts by the access keys that they were given. */
  private readonly callers = new Map<string, string>();
  readonly refused: string[] = [];
  readonly asked = new Set<string>();
  policies: ReadonlyMap<string, PolicyJson> = new Map();

  /** Nothing is allowed but what is printed for a command. */
  begin(command: CommandName, snapshot: Snapshot): void {
    const { policies } = callerPolicies([command], { snapshot, stacks: [], deployed: true });
    this.policies = new Map(policies.map(({ accountId = "", policy }) => [accountId, policy]));
    this.refused.length = 0;
    this.asked.clear();
  }

  /** What is printed as always needed, and nobody asked for. */
  neverAsked(command: CommandName): string[] {
    const always = COMMAND_ACTIONS[command]
      .filter(({ when }) => when === undefined)
      .flatMap(({ actions }) => actions);
    const printed = [...this.policies.values()].flatMap(({ Statement }) =>
      Statement.flatMap(({ Action }) => Action),
    );
    // The emulator's keys are asked for by nobody.
    return always.filter(
      (action) => printed.includes(action) && !this.asked.has(action) && !/^kms:(Dec|Gen)/.test(action),
    );
  }

  /** Keeps whose an access key is. */
  readonly after = ({ body }: Passing, answer: Answer): undefined => {
    const role = /RoleArn=([^&]+)/.exec(body.toString("latin1"))?.[1];
    const key = /<AccessKeyId>([^<]+)</.exec(String(answer.body))?.[1];
    if (role === undefined || key === undefined) return;
    this.callers.set(key, decodeURIComponent(role).split(":")[4] ?? "");
  };

  readonly before = (passing: Passing): Answer | undefined => {
    const operation = operationOf(passing);
    if (operation === undefined) return undefined;
    const { service, name } = operation;
    const accessKey = /Credential=([^/]+)\//.exec(passing.headers.authorization ?? "")?.[1] ?? "";
    const account = this.callers.get(accessKey) ?? "";
    const { Statement } = this.policies.get(account) ?? { Statement: [] };
    for (const action of actionsOf(`${service}:${name}`).flatMap((each) => exactly(each, passing))) {
      this.asked.add(action);
      const resources = Statement.filter(({ Action }) => [Action].flat().includes(action)).flatMap(
        ({ Resource = [] }) => Resource,
      );
      if (!resources.some((resource) => covers(resource, service, passing))) {
        this.refused.push(`${account} ${action} ${passing.bucket}/${passing.key}`);
        return refusal(service);
      }
    }
    return undefined;
  };
}

/** The action of the version where one is named, and that of tags where an object is put with some. */
function exactly(action: string, { method, query, headers, body }: Passing): readonly string[] {
  const ofVersion = query.has("versionId");
  switch (action) {
    case "s3:HeadObject":
    case "s3:GetObject":
      return [ofVersion ? "s3:GetObjectVersion" : "s3:GetObject"];
    case "s3:GetObjectTagging":
      return [ofVersion ? "s3:GetObjectVersionTagging" : action];
    case "s3:DeleteObject":
      return [ofVersion ? "s3:DeleteObjectVersion" : action];
    case "s3:DeleteObjects":
      return [body.includes("<VersionId>") ? "s3:DeleteObjectVersion" : "s3:DeleteObject"];
    case "s3:PutObject":
      return method === "PUT" && headers["x-amz-tagging"] !== undefined
        ? [action, "s3:PutObjectTagging"]
        : [action];
    default:
      return [action];
  }
}

/** Whether a resource of a policy is what the request is about, as far as the request says it. */
function covers(resource: string, service: string, { bucket, key, query, body }: Passing): boolean {
  if (resource === "*") return true;
  if (service === "s3" && bucket !== "v20180820") {
    const isObject = key !== "" || query.has("delete");
    return resource === `arn:aws:s3:::${bucket}${isObject ? "/*" : ""}`;
  }
  if (service !== "iam") return true;
  const name = new URLSearchParams(body.toString("latin1")).get("RoleName");
  return name === null || resource.endsWith(`/${name}`);
}

function refusal(service: string): Answer {
  const message = "not authorized";
  if (service === "s3") {
    const body = `<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`;
    return { status: 403, headers: { "content-type": "application/xml" }, body };
  }
  const body = JSON.stringify({ __type: "AccessDeniedException", message });
  return { status: 400, headers: { "content-type": "application/x-amz-json-1.0" }, body };
}

describe("whoever runs a command with the printed policies alone", () => {
  const guard = new Guard();
  let pair: EmulatedPair;

  before(async () => {
    pair = await EmulatedPair.start("owner-override", undefined, {
      before: guard.before,
      after: guard.after,
    });
  });
  after(() => pair?.stop());

  const runs: readonly (readonly [CommandName, ...string[]])[] = [
    ["doctor"],
    ["status"],
    ["verify"],
    ["reconcile"],
  ];

  for (const [command, ...options] of runs) {
    it(`is refused nothing: ${command}`, async () => {
      guard.begin(command, pair.snapshot);
      const { stdout, stderr } = await pair.run(command, "--json", ...options);
      deepStrictEqual(guard.refused, [], `${stdout}\n${stderr}`);
      deepStrictEqual(guard.neverAsked(command), [], stderr);
    });
  }

  it("is refused nothing: backfill", async () => {
    const emulator = await startEmulator();
    const jobs = await JobsServer.start(emulator.endpoint);
    const snapshot = await plant(emulator.endpoint, await snapshotOf("backfill"));
    const proxy = await ReplicatingProxy.start(jobs.endpoint, {
      snapshot,
      before: guard.before,
      after: guard.after,
    });
    try {
      jobs.reset({ script: [{ status: "Complete" }] });
      guard.begin("backfill", snapshot);
      const [source = ""] = Object.entries(snapshot.buckets).find(([, { replication }]) => replication) ?? [];
      const { stdout, stderr } = await cli(
        ["backfill", bucketNameOf(source), "--yes", "--json", ...accountOptions("111111111111")],
        emulatorEnvironment(proxy.endpoint),
      );
      deepStrictEqual(guard.refused, [], `${stdout}\n${stderr}`);
      deepStrictEqual(guard.neverAsked("backfill"), [], stderr);
    } finally {
      await proxy.stop();
      await jobs.stop();
      await emulator.stop();
    }
  });

  it("stands for every command that talks to AWS", () => {
    const tried = [...runs.map(([command]) => command), "backfill"];
    deepStrictEqual(tried.sort(), [...COMMANDS].sort());
  });

  it("is refused, and told the action, where one is missing", async () => {
    const { policies } = callerPolicies(["doctor"], { snapshot: pair.snapshot, stacks: [], deployed: true });
    const without = JSON.parse(
      JSON.stringify(policies.map(({ policy }) => policy)).replaceAll('"s3:GetBucketPolicy",', ""),
    ) as PolicyJson[];
    guard.policies = new Map(policies.map(({ accountId = "" }, index) => [accountId, without[index]!]));
    const { code, stdout } = await pair.run("doctor", "--json");
    deepStrictEqual([code, stdout.includes("s3:GetBucketPolicy")], [3, true]);
  });
});
