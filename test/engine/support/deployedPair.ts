import { destinationSettings, type Settings, sourceSettings } from "./pair";
import { Workspace } from "./workspace";

/** A pair that is deployed once, and that every test gets a copy of. */
export class DeployedPair {
  private template: Workspace | undefined;

  constructor(
    private readonly changes: { readonly destination?: Settings; readonly source?: Settings } = {},
  ) {}

  async copy(): Promise<Workspace> {
    this.template ??= await this.deploy();
    return this.template.copy();
  }

  private async deploy(): Promise<Workspace> {
    const workspace = Workspace.ofRepository();
    workspace.configure("destination", { destination: destinationSettings(this.changes.destination) });
    workspace.configure("source", { source: sourceSettings(this.changes.source) });
    await workspace.initialise("destination", "source");
    for (const stack of ["destination", "source"]) await up(workspace, stack);
    return workspace;
  }
}

export function up(workspace: Workspace, stack: string): ReturnType<Workspace["succeed"]> {
  return workspace.succeed(["up", "--yes", "--skip-preview", "--stack", stack]);
}
