/** The warnings of a program that runs in this process. */
import * as pulumi from "@pulumi/pulumi";

/** What a program warns the engine of. Without an engine the SDK would print it, as if it were about the SDK. */
export class Warnings {
  readonly collected: string[] = [];
  private readonly log = pulumi.log as { warn: typeof pulumi.log.warn };
  private readonly original = this.log.warn;

  constructor() {
    this.log.warn = (message) => {
      this.collected.push(message);
      return Promise.resolve();
    };
  }

  stop(): void {
    this.log.warn = this.original;
  }
}
