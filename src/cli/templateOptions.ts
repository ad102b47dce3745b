/** Options that belong to the template or the assembly before them: what stands before the first one is for all. */
import { InvalidArgumentError } from "commander";
import type { AssemblySource, TemplateSource } from "../readers/cloudformation/templateSources";

export class TemplateOptions {
  readonly sources: TemplateSource[] = [];
  readonly assemblies: AssemblySource[] = [];
  private readonly forAll: { account?: string; region?: string } = {};
  /** The source that was named last; undefined where it is neither a template nor an assembly. */
  private open: { readonly template?: TemplateSource; readonly assembly?: AssemblySource } = {};

  begin(file: string): readonly TemplateSource[] {
    const template: TemplateSource = { file, ...this.forAll, parameter: [], parameters: [] };
    this.sources.push(template);
    this.open = { template };
    return this.sources;
  }

  beginAssembly(directory: string): readonly AssemblySource[] {
    const { region } = this.forAll;
    const assembly: AssemblySource = {
      directory,
      ...(region === undefined ? {} : { region }),
      parameter: [],
      parameters: [],
    };
    this.assemblies.push(assembly);
    this.open = { assembly };
    return this.assemblies;
  }

  /** Another source was named: what follows is not about a template. */
  end(): void {
    this.open = {};
  }

  setStackName(name: string): string {
    const last = this.open.template ?? this.sources.at(-1);
    if (last === undefined) {
      throw new InvalidArgumentError("--stack-name must come after the --cloudformation that it is about.");
    }
    if (last.stackName !== undefined) {
      throw new InvalidArgumentError(`It is given once for a template, and is '${last.stackName}' already.`);
    }
    last.stackName = name;
    return name;
  }

  setRegion(region: string): string {
    const last = this.last();
    if (last === undefined) this.forAll.region = region;
    else last.region = region;
    return region;
  }

  /** @returns Whether an account is that of a template. Others are of providers and stacks. */
  takeAccount(value: string): boolean {
    const { template } = this.open;
    if (!/^\d{12}$/.test(value) || template === undefined) {
      if (/^\d{12}$/.test(value)) this.forAll.account = value;
      return false;
    }
    template.account = value;
    return true;
  }

  addParameter(pair: string): string {
    this.described("--parameter").parameter.push(pair);
    return pair;
  }

  addParameters(file: string): string {
    this.described("--parameters").parameters.push(file);
    return file;
  }

  private described(option: string): TemplateSource | AssemblySource {
    const last = this.last();
    if (last === undefined) {
      throw new InvalidArgumentError(
        `${option} must come after the --cloudformation or the --cdk that it is about.`,
      );
    }
    return last;
  }

  private last(): TemplateSource | AssemblySource | undefined {
    const { template, assembly } = this.open;
    return template ?? assembly ?? this.sources.at(-1) ?? this.assemblies.at(-1);
  }
}
