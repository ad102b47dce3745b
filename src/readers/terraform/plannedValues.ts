/**
 * Attributes of the resources of a plan or a state as they will be: what is unknown is traced to the resource that it
 * comes from, as far as the plan tells, and is marked as unread otherwise.
 */
import { partitionOfRegion } from "../../naming/arn";
import { bucketArnOf } from "../../naming/names";
import { camelCase } from "../awsProvider/attributes";
import { mapResource } from "../awsProvider/mapping";
import type { MappedResource, ProviderResource } from "../awsProvider/providerResource";
import { asObject } from "../../resources/policyDocuments";
import { grouped } from "../../util/grouping";
import { Unread } from "../../snapshot/unread";
import { type Address, nameKey } from "./address";
import { isExpression, type Target } from "./configuration";
import { holdsTrue } from "./deferredDocument";
import { HiddenBlocks } from "./hiddenBlocks";
import { namingAttribute } from "./lookedUp";
import { isDocument, referenceOf } from "./references";
import { RenderedDocuments } from "./renderedDocuments";
import { unreadSecret } from "./sensitive";
import type { TerraformFile, TerraformResource } from "./terraformFile";
import { blockOf, completedItems, keepsOrder } from "./writtenBlocks";

type Attributes = Readonly<Record<string, unknown>>;

/** Makes a resource of the AWS provider of attributes; undefined where nobody knows its account. */
export type Placing = (resource: TerraformResource, attributes: Attributes) => ProviderResource | undefined;

/** Whether a resource is where a data source of its type looks: in that account, and Region where it has one. */
export type Looking = (resource: TerraformResource, data: TerraformResource) => boolean;

/** A block that the configuration makes by `dynamic`, which a plan leaves out. */
const DYNAMIC = Symbol("dynamic");

export class PlannedValues {
  private byName: ReadonlyMap<string, readonly TerraformResource[]> | undefined;
  /** Of data sources, which are asked more than once. */
  private readonly attributes = new Map<TerraformResource, Attributes>();
  /** Undefined of what is being looked at: what leads back to it is not known. */
  private readonly mapped = new Map<TerraformResource, MappedResource | undefined>();
  private readonly hiddenBlocks: HiddenBlocks;
  private readonly documents: RenderedDocuments;

  constructor(
    private readonly file: TerraformFile,
    private readonly placing: Placing,
    private readonly isWhere: Looking,
    private readonly remedy: string,
  ) {
    this.hiddenBlocks = new HiddenBlocks(file);
    const [choose, arnOf] = [this.choose.bind(this), this.arnOf.bind(this)];
    this.documents = new RenderedDocuments(file, { choose, arnOf }, remedy);
  }

  /** Blocks of new resources that a `dynamic` could write, and that are taken as written by nobody. */
  get takenAsUnwritten(): HiddenBlocks["unwritten"] {
    return this.hiddenBlocks.unwritten;
  }

  /** Instances of a resource, in all instances of its module. */
  private named(key: string): readonly TerraformResource[] {
    this.byName ??= grouped(
      this.file.resources.filter(({ fate }) => fate !== "gone"),
      ({ address }) => nameKey(address.module, address.isData, address.type, address.name),
    );
    return this.byName.get(key) ?? [];
  }

  /** The calls and the identity of a resource; undefined where its account is not known. */
  mappedOf(resource: TerraformResource): MappedResource | undefined {
    if (this.mapped.has(resource)) return this.mapped.get(resource);
    this.mapped.set(resource, undefined);
    const placed = this.placing(resource, this.attributesOf(resource));
    const mapped = placed === undefined ? undefined : mapResource(placed);
    this.mapped.set(resource, mapped);
    return mapped;
  }

  /** What a data source that is read only in the apply will find; undefined where the plan does not tell. */
  lookedUpBy(data: TerraformResource): MappedResource | undefined {
    const found = this.foundLater(data);
    return found === undefined ? undefined : this.mappedOf(found);
  }

  private attributesOf(resource: TerraformResource): Attributes {
    const { address, values, unknown, sensitive } = resource;
    const known = address.isData ? this.attributes.get(resource) : undefined;
    if (known !== undefined) return known;
    const expressions = this.file.configuration.expressions(address);
    const marks = (typeof unknown === "object" && unknown !== null ? unknown : {}) as Attributes;
    const secrets = (typeof sensitive === "object" && sensitive !== null ? sensitive : {}) as Attributes;
    const attributes: Record<string, unknown> = { ...values };
    for (const name in { ...marks, ...secrets }) {
      attributes[name] = this.mark(resource, [name], values[name], marks[name], {
        sensitive: secrets[name],
        completed: resource.completed?.[name],
        expression: expressions?.[name],
        isWritten: expressions === undefined ? undefined : Object.hasOwn(expressions, name),
      });
    }
    if (address.isData) this.attributes.set(resource, attributes);
    return attributes;
  }

  /** A value, with its unknown and sensitive parts resolved or marked. */
  private mark(
    resource: TerraformResource,
    path: readonly string[],
    value: unknown,
    unknown: unknown,
    more: {
      readonly sensitive: unknown;
      /** Value after an offline apply. */
      readonly completed: unknown;
      readonly expression: unknown;
      readonly isWritten: boolean | undefined;
    },
  ): unknown {
    const { sensitive, completed, expression, isWritten } = more;
    if (unknown === true) return this.unknownValue(resource, path, expression, isWritten, completed);
    const isNothing = value === undefined || value === null;
    const [isOpen, hasSecret] = [holdsTrue(unknown), holdsTrue(sensitive)];
    if (isNothing ? hasSecret && !isOpen : sensitive === true) {
      if (isNothing && !mayBeRedacted(expression)) return value;
      return unreadSecret(`${path.join(".")} of ${resource.address.text}`);
    }
    if (!isOpen && !hasSecret) return value;
    const isWhole = isExpression(expression);
    const inner = (key: string | number, own: unknown, done: unknown) => ({
      sensitive: (sensitive as Record<string | number, unknown> | undefined)?.[key],
      completed: done,
      expression: isWhole ? expression : expression === undefined ? DYNAMIC : own,
      isWritten: true,
    });
    if (Array.isArray(value) || (value === undefined && Array.isArray(unknown))) {
      const marks = (Array.isArray(unknown) ? unknown : []) as unknown[];
      const given = (value ?? []) as unknown[];
      const count = Math.max(given.length, marks.length);
      const items = Array.from({ length: count }, (_, index) => given[index]);
      const isOrdered = keepsOrder(resource.address.type, path.at(-1) ?? "");
      const done = completedItems(completed, items, isOrdered);
      return items.map((item, index) => {
        const block = blockOf(expression, count, { item, index, isOrdered }) ?? DYNAMIC;
        return this.mark(resource, path, item, marks[index], inner(index, block, done[index]));
      });
    }
    const items = (value ?? {}) as Attributes;
    const marks = (typeof unknown === "object" && unknown !== null ? unknown : {}) as Attributes;
    const secrets = (typeof sensitive === "object" && sensitive !== null ? sensitive : {}) as Attributes;
    const names = new Set([...Object.keys(items), ...Object.keys(marks), ...Object.keys(secrets)]);
    return Object.fromEntries(
      [...names].flatMap((name) => {
        const isDynamic = expression === DYNAMIC || expression === undefined;
        const own = isDynamic ? DYNAMIC : (expression as Attributes)[name];
        const marked = this.mark(resource, [...path, name], items[name], marks[name], {
          ...inner(name, own, (completed as Attributes | null | undefined)?.[name]),
          isWritten: isWhole || isDynamic || own !== undefined,
        });
        return marked === undefined || marked === null ? [] : [[name, marked] as const];
      }),
    );
  }

  /** @returns undefined where the configuration does not write the attribute: AWS or the provider gives its default. */
  private unknownValue(
    resource: TerraformResource,
    path: readonly string[],
    expression: unknown,
    isWritten: boolean | undefined,
    completed: unknown,
  ): unknown {
    const { address, before } = resource;
    const attribute = path[0] ?? "";
    const isHidden = isWritten === false && this.hiddenBlocks.mayBeWritten(resource, path);
    // Computed beside what is written: nobody writes the encryption types that a bucket blocks by default.
    if (
      (isWritten === false && !isHidden) ||
      (expression === DYNAMIC && path.at(-1) === "blocked_encryption_types")
    ) {
      return path.length === 1 ? before[attribute] : undefined;
    }
    const unread = () =>
      isHidden && path.length === 1 && address.type === "aws_s3_bucket"
        ? new Unread(
            `a 'dynamic' block, which a plan does not show, may write ${attribute} of ${address.text}`,
            [],
            `set it in a resource of its own (${address.type}_${attribute}), complete the plan with '--terraform-directory', or give the state after the apply`,
          )
        : new Unread(`${path.join(".")} of ${address.text} is known only after the apply`, [], this.remedy);
    if (completed !== undefined && !isExpression(expression)) return completed;
    if (!isExpression(expression))
      return isWritten === undefined && mayBeDefault(path) ? undefined : unread();
    const targets = this.file.configuration.targets(expression, address.module, address);
    const open = targets.filter(({ kind }) => kind !== "known");
    // What depends on known values only would be known, were it not left to AWS.
    if (open.length === 0) return before[attribute];
    // Where the value came out as none, Terraform's test puts a random text there.
    if (completed !== undefined)
      return isDocument(path) && typeof asObject(completed) !== "object" ? before[attribute] : completed;
    if (isDocument(path)) return this.documents.of(open, address) ?? unread();
    const reference = referenceOf(path);
    if (reference === undefined) return unread();
    const candidates = new Map<TerraformResource, Target>();
    for (const target of open) {
      if (target.kind !== "resource") return unread();
      // A condition may decide by it, and choose something else.
      if (!reference.types.test(target.type)) return unread();
      const found = this.choose(target, address);
      if (found === undefined) return unread();
      candidates.set(found, target);
    }
    const [only] = candidates;
    if (only === undefined || candidates.size > 1) return unread();
    return (reference.by === "arn" ? this.arnOf(...only) : this.mappedOf(only[0])?.id) ?? unread();
  }

  private arnOf(resource: TerraformResource, target: Target): string | undefined {
    const mapped = this.mappedOf(resource);
    if (mapped === undefined) return undefined;
    const { type } = resource.address;
    if (type === "aws_kms_alias" && target.kind === "resource" && target.attribute.startsWith("target_key")) {
      return outputText(mapped, "target_key_arn");
    }
    // Settings of a bucket are called by its name.
    const bucket = type.startsWith("aws_s3_bucket_") && mapped.id !== "" ? mapped.id : undefined;
    if (bucket === undefined) return outputText(mapped, "arn");
    const region = this.placing(resource, {})?.region ?? "";
    return bucketArnOf(partitionOfRegion(region), bucket);
  }

  /** The one instance that a reference can mean. */
  private choose(target: Target & { kind: "resource" }, from: Address): TerraformResource | undefined {
    const { module, isData, type, name, key } = target;
    let found = this.named(nameKey(module, isData, type, name));
    const narrow = (isMeant: (resource: TerraformResource) => boolean) => {
      const some = found.filter(isMeant);
      if (some.length > 0) found = some;
    };
    if (key !== undefined) found = found.filter(({ address }) => address.key === key);
    narrow(({ address }) => address.module === module);
    if (found.length > 1 && from.key !== undefined) narrow(({ address }) => address.key === from.key);
    if (found.length > 1) narrow(({ address }) => address.module === from.module);
    const [only, another] = found;
    if (only === undefined || another !== undefined) return undefined;
    return only.fate === "deferred" ? this.foundLater(only) : only;
  }

  /** What a data source will find that is read only in the apply: a resource of the plan, or a bucket of that name. */
  private foundLater(data: TerraformResource): TerraformResource | undefined {
    const { type, module } = data.address;
    const naming = namingAttribute(type);
    if (naming === undefined) return data;
    const name = this.attributesOf(data)[naming];
    if (typeof name !== "string") {
      const expression = this.file.configuration.expressions(data.address)?.[naming];
      if (!isExpression(expression)) return undefined;
      const targets = this.file.configuration.targets(expression, module, data.address);
      const [target, another] = targets.filter(({ kind }) => kind !== "known");
      const isSame = target?.kind === "resource" && another === undefined && target.type === type;
      return isSame ? this.choose(target, data.address) : undefined;
    }
    const isBucket = type === "aws_s3_bucket";
    const made = this.file.resources.find(
      (resource) =>
        resource.address.type === type &&
        !resource.address.isData &&
        resource.fate !== "gone" &&
        (isBucket || this.isWhere(resource, data)) &&
        this.mappedOf(resource)?.id === name,
    );
    // The name of a bucket says its ARN; a role has a path, and an alias leads to a key.
    return made ?? (isBucket ? data : undefined);
  }
}

/** Whether something is written whose value a service may have taken out of the plan, so that nothing is left but its mark. */
function mayBeRedacted(expression: unknown): boolean {
  return expression !== undefined && !(isExpression(expression) && expression.constant_value !== undefined);
}

function outputText({ outputs }: MappedResource, name: string): string | undefined {
  const value = outputs[camelCase(name)];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Without a configuration: attributes that AWS or the provider fills in where nobody writes them. */
function mayBeDefault(path: readonly string[]): boolean {
  return path.length === 1 && !isDocument(path) && referenceOf(path) === undefined;
}
