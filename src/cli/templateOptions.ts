/** Options that belong to the template before them: what stands before the first template is for all of them. */
import { InvalidArgumentError } from "commander";
import type { TemplateSource } from "../readers/cloudformation/templateSources";

export class TemplateOptions {
  readonly sources: TemplateSource[] = [];
  private readonly forAll: { account?: string; region?: string } = {};
  /** Whether the last source that was named is a template. */
  private isOpen = false;

  begin(file: string): readonly TemplateSource[] {
    this.sources.push({ file, ...this.forAll, parameter: [], parameters: [] });
    this.isOpen = true;
    return this.sources;
  }

  /** Another source was named: what follows is not about a template. */
  end(): void {
    this.isOpen = false;
  }

  setStackName(name: string): string {
    const last = this.last("--stack-name");
    if (last.stackName !== undefined) {
      throw new InvalidArgumentError(`It is given once for a template, and is '${last.stackName}' already.`);
    }
    last.stackName = name;
    return name;
  }

  setRegion(region: string): string {
    const last = this.sources.at(-1);
    if (last === undefined) this.forAll.region = region;
    else last.region = region;
    return region;
  }

  /** @returns Whether an account is that of a template. Others are of providers and stacks. */
  takeAccount(value: string): boolean {
    if (!/^\d{12}$/.test(value) || !this.isOpen) {
      if (/^\d{12}$/.test(value)) this.forAll.account = value;
      return false;
    }
    this.last("--account").account = value;
    return true;
  }

  addParameter(pair: string): string {
    this.last("--parameter").parameter.push(pair);
    return pair;
  }

  addParameters(file: string): string {
    this.last("--parameters").parameters.push(file);
    return file;
  }

  private last(option: string): TemplateSource {
    const last = this.sources.at(-1);
    if (last === undefined) {
      throw new InvalidArgumentError(`${option} must come after the --cloudformation that it is about.`);
    }
    return last;
  }
}
