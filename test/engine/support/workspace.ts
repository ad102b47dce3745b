/** A place of its own for engine runs: program, stacks and home in a temporary directory, and nothing of the user's. */
import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { version as awsVersion } from "@pulumi/aws/package.json";
import { parse, stringify } from "yaml";
import { Accounts, type AccountsOptions } from "../provider/accounts";
import { StandIn, type StandInOptions } from "../provider/standIn";
import { cleanClone, copyInstalled, PLACE_OF_CLONE, run } from "./clone";
import { projectWithPackage } from "./packed";
import { type Outcome, type Running, runShell, startPulumi } from "./pulumi";

export const PROJECT = "s3-replication";

/** A stack's state. */
export interface Deployment {
  readonly resources: readonly StateResource[];
  readonly pendingOperations: readonly { readonly resource: StateResource; readonly type: string }[];
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly protect?: boolean;
  readonly provider?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** A run, and the requests that it made. */
export interface EngineRun extends Outcome {
  readonly provider: StandIn;
}

const all = new Set<Workspace>();

export class Workspace {
  /** Where Pulumi.yaml is: a directory of its own, or that of the workspace that this one is a copy of. */
  private program: string;
  /** Directory of the `node` that runs programs here, where it is another one than that of the tests. */
  node: string | undefined;

  private constructor(
    private readonly root: string,
    public accounts: Accounts,
    shared?: string,
  ) {
    this.program = shared ?? join(root, "program");
    all.add(this);
  }

  get directory(): string {
    return this.program;
  }

  /** A clean clone of the repository after `npm ci`: its program, with its own stack configurations. */
  static ofRepository(options?: AccountsOptions): Workspace {
    const workspace = Workspace.bare(new Accounts(options));
    copyInstalled(cleanClone(), workspace.directory);
    return workspace;
  }

  /** A project with a program in JavaScript, which installed the package from its tarball. */
  static ofProgram(program: string, options?: AccountsOptions): Workspace {
    const workspace = Workspace.bare(new Accounts(options));
    copyInstalled(projectWithPackage(), workspace.directory);
    workspace.write("Pulumi.yaml", stringify({ name: PROJECT, runtime: "nodejs", main: "program.js" }));
    workspace.write("program.js", program);
    return workspace;
  }

  /** A directory beside a clean clone, with a copy of somebody's project in it, or nothing yet. */
  static ofProject(project?: string): Workspace {
    const workspace = Workspace.bare();
    symlinkSync(cleanClone(), join(workspace.root, "s3-replication"));
    if (project !== undefined) cpSync(project, workspace.directory, { recursive: true });
    // A component package asks for the provider that it was made with; the engine then attaches to the stand-in.
    const plugin = join(workspace.root, "home", "plugins", `resource-aws-v${awsVersion}`);
    mkdirSync(plugin, { recursive: true });
    writeFileSync(join(plugin, "pulumi-resource-aws"), "", { mode: 0o755 });
    return workspace;
  }

  private static bare(accounts = new Accounts({}), shared?: string): Workspace {
    const root = mkdtempSync(join(tmpdir(), "s3-replication-engine-"));
    for (const part of ["program", "home", "backend"]) mkdirSync(join(root, part));
    return new Workspace(root, accounts, shared);
  }

  /**
   * The same stacks and accounts as they are now, free to go their own way. Their program is run where it is, until
   * something in its directory is changed.
   */
  copy(): Workspace {
    const copy = Workspace.bare(this.accounts.copy(), this.directory);
    copy.node = this.node;
    for (const part of ["home", "backend"])
      cpSync(join(this.root, part), join(copy.root, part), { recursive: true });
    return copy;
  }

  /** Puts a clone back to what git has, after `npm ci`, with accounts and a backend that hold nothing yet. */
  renew(options?: AccountsOptions): void {
    run("git", ["checkout", "--quiet", "."], this.directory);
    run("git", ["clean", "--quiet", "--force", "-d"], this.directory);
    const backend = join(this.root, "backend");
    rmSync(backend, { recursive: true });
    mkdirSync(backend);
    this.accounts = new Accounts(options);
  }

  /** Its own directory of the program, which nobody else runs. */
  private own(): void {
    const own = join(this.root, "program");
    if (this.program === own) return;
    copyInstalled(this.program, own);
    this.program = own;
  }

  write(file: string, content: string): void {
    this.own();
    writeFileSync(join(this.directory, file), content);
  }

  /** Says what a stack is configured with, by key without the namespace; the stack's encryption stays. */
  configure(stack: string, values: Readonly<Record<string, unknown>>): void {
    const file = `Pulumi.${stack}.yaml`;
    const path = join(this.directory, file);
    const before = existsSync(path) ? (parse(readFileSync(path, "utf8")) as Record<string, unknown>) : {};
    const config = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [`${PROJECT}:${key}`, value]),
    );
    this.write(file, stringify({ ...before, config }));
  }

  /** Makes stacks that hold nothing yet. */
  async initialise(...stacks: readonly string[]): Promise<void> {
    this.own();
    for (const stack of stacks) await this.succeed(["stack", "init", `organization/${PROJECT}/${stack}`]);
  }

  /** Runs the engine against the accounts, to its end. */
  async pulumi(args: readonly string[], options: StandInOptions = {}): Promise<EngineRun> {
    const provider = await StandIn.start(this.accounts, options);
    try {
      return { ...(await this.start(args, provider).outcome), provider };
    } finally {
      provider.stop();
    }
  }

  /**
   * Runs a command line to its end, as somebody does who has just opened a terminal in the project: with their own
   * home, where npm and pip keep what they have downloaded.
   */
  async shell(line: string, code = 0): Promise<EngineRun> {
    this.own();
    const provider = await StandIn.start(this.accounts);
    try {
      const run = await runShell(`set -e\n${line}`, this.directory, {
        ...inherited(),
        ...this.env(provider.port),
        HOME: process.env.HOME,
        PULUMI_SKIP_CONFIRMATIONS: "true",
      });
      assert.equal(run.code, code, `${line}\n${run.text}`);
      return { ...run, provider };
    } finally {
      provider.stop();
    }
  }

  /** A run that must end well. */
  async succeed(args: readonly string[], options?: StandInOptions): Promise<EngineRun> {
    const run = await this.pulumi(args, options);
    assert.equal(run.code, 0, `${run.command}\n${run.text}`);
    return run;
  }

  /** A run that must end badly. */
  async fail(args: readonly string[], options?: StandInOptions): Promise<EngineRun> {
    const run = await this.pulumi(args, options);
    assert.notEqual(run.code, 0, `${run.command} did not fail\n${run.text}`);
    return run;
  }

  /** Runs the engine with a provider that the caller ends. */
  start(args: readonly string[], provider: StandIn): Running {
    const options = ["--non-interactive", "--color", "never"];
    return startPulumi([...args, ...options], this.directory, { ...inherited(), ...this.env(provider.port) });
  }

  /** What an engine run needs to find: nothing of the user's home, backend or credentials. */
  env(port: number): Record<string, string> {
    const home = join(this.root, "home");
    return {
      PATH: [...(this.node === undefined ? [] : [this.node]), process.env.PATH].join(delimiter),
      HOME: home,
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${join(this.root, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_DEBUG_PROVIDERS: `aws:${port}`,
    };
  }

  /** What the state of a stack says, read from the backend's own file: to ask the engine would take a second. */
  deployment(stack: string): Deployment {
    const { checkpoint } = JSON.parse(readFileSync(this.stateFile(stack), "utf8")) as {
      checkpoint: {
        latest?: { resources?: StateResource[]; pending_operations?: Deployment["pendingOperations"] };
      };
    };
    const { resources = [], pending_operations: pendingOperations = [] } = checkpoint.latest ?? {};
    return { resources, pendingOperations };
  }

  /** Where the file backend keeps the state of a stack; beside it is `.attrs`, which says what kind of file it is. */
  stateFile(stack: string): string {
    return join(this.root, "backend", ".pulumi", "stacks", PROJECT, `${stack}.json`);
  }

  async outputs(stack: string, ...options: string[]): Promise<Record<string, unknown>> {
    const { stdout } = await this.succeed(["stack", "output", "--json", "--stack", stack, ...options]);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
    all.delete(this);
  }
}

/** Workspaces that tests have left. */
export function removeWorkspaces(): void {
  for (const workspace of [...all]) workspace.remove();
}

function inherited(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([key]) => !/^(AWS_|PULUMI_)/.test(key));
  return Object.fromEntries(own.filter(([key]) => key !== PLACE_OF_CLONE));
}
