/** Policy documents that data sources render: of those that are read only in the apply, what a plan has of them. */
import { mergeStatements, type Statement } from "../awsProvider/policyDocument";
import { Unread, unreadKey } from "../../snapshot/unread";
import { listOf } from "../awsProvider/attributes";
import type { Address } from "./address";
import { isExpression, type Target } from "./configuration";
import { deferredStatements, holdsTrue, type References } from "./deferredDocument";
import { unreadSecret } from "./sensitive";
import type { TerraformFile, TerraformResource } from "./terraformFile";

type Attributes = Readonly<Record<string, unknown>>;

/** Finds what documents refer to. */
export interface FindsResources {
  /** The one instance that a reference can mean. */
  readonly choose: (target: Target & { kind: "resource" }, from: Address) => TerraformResource | undefined;
  readonly arnOf: (resource: TerraformResource, target: Target) => string | undefined;
}

export class RenderedDocuments {
  /** What is being looked at: what leads back to it is not known. */
  private readonly open = new Set<TerraformResource>();

  constructor(
    private readonly file: TerraformFile,
    private readonly resources: FindsResources,
    private readonly remedy: string,
  ) {}

  /** A document that one data source renders. */
  of(open: readonly Target[], from: Address): unknown {
    const [only] = open;
    if (only?.kind !== "resource" || open.length > 1 || !only.isData) return undefined;
    if (only.type !== "aws_iam_policy_document") return undefined;
    const resource = this.resources.choose(only, from);
    return resource === undefined ? undefined : this.renderedDocument(resource);
  }

  private renderedDocument(resource: TerraformResource): unknown {
    const { address, fate, values, unknown, sensitive } = resource;
    if (holdsTrue(sensitive)) return unreadSecret(address.text);
    if (fate === "data") return values.json;
    if (this.open.has(resource)) return undefined;
    this.open.add(resource);
    const marks = (unknown ?? {}) as Attributes;
    const isOpen = listOf(marks.statement).includes(true);
    const own = isOpen ? undefined : this.ownStatements(resource);
    const source = this.documentsOf(resource, "source_policy_documents");
    const override = this.documentsOf(resource, "override_policy_documents");
    this.open.delete(resource);
    if (own === undefined || source === undefined || override === undefined) {
      return new Unread(`${address.text} is known only after the apply`, [], this.remedy);
    }
    return {
      Version: typeof values.version === "string" ? values.version : "2012-10-17",
      Statement: mergeStatements(own, { source, override }),
    };
  }

  private ownStatements({ address, values, unknown }: TerraformResource): Statement[] {
    const expressions = this.file.configuration.expressions(address)?.statement;
    const written = (values.statement ?? []) as Attributes[];
    const marks = ((unknown as Attributes | undefined)?.statement ?? []) as unknown[];
    const blocks = Array.isArray(expressions) && expressions.length === written.length ? expressions : [];
    return written.flatMap((statement, index) =>
      deferredStatements(
        statement,
        marks[index],
        blocks[index] as Attributes | undefined,
        unreadKey(`${address.text}, whose text is rendered in the apply`),
        this.referencesFrom(address),
      ),
    );
  }

  private referencesFrom(from: Address): References {
    const chosen = (target: Target) =>
      target.kind === "resource" ? this.resources.choose(target, from) : undefined;
    return {
      targets: (expression) => this.file.configuration.targets(expression, from.module, from),
      arnOf: (target) => {
        const resource = chosen(target);
        return resource === undefined ? undefined : this.resources.arnOf(resource, target);
      },
      roleArnOf: (target) => {
        const resource = chosen(target);
        const isRole = resource?.address.type === "aws_iam_role";
        const isArn = target.kind === "resource" && target.attribute === "arn";
        return isRole && isArn ? this.resources.arnOf(resource, target) : undefined;
      },
    };
  }

  /** Documents that another one takes in; undefined where one of them is not known. */
  private documentsOf(resource: TerraformResource, name: string): unknown[] | undefined {
    const { address, values, unknown } = resource;
    const mark = (unknown as Attributes | undefined)?.[name];
    const written = (values[name] ?? []) as unknown[];
    if (!holdsTrue(mark)) return written.filter((document) => document !== null && document !== "");
    const expression = this.file.configuration.expressions(address)?.[name];
    const targets = isExpression(expression)
      ? this.file.configuration.targets(expression, address.module, address)
      : [];
    const documents = targets
      .filter(({ kind }) => kind !== "known")
      .map((target) => this.of([target], address));
    const known = written.filter((document) => typeof document === "string" && document !== "");
    const isWhole =
      documents.length > 0 && documents.every((one) => one !== undefined && !(one instanceof Unread));
    const unknownCount = Array.isArray(mark) ? mark.filter((one) => one === true).length : documents.length;
    // Known ones are among the targets too where data sources made them. Of more others than are missing, a condition leaves
    // some out.
    return isWhole && documents.filter((one) => !known.includes(one)).length <= unknownCount
      ? [...new Set([...known, ...documents])]
      : undefined;
  }
}
