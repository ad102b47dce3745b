/**
 * Blocks that a `dynamic` may make. A plan leaves `dynamic` out of its configuration, so that a block which is not known
 * at all looks like one that nobody wrote, and that AWS or the provider fills in.
 */
import { grouped } from "../../util/grouping";
import { type Address, type RelevantAttribute, withoutKeys } from "./address";
import { listOf } from "../awsProvider/attributes";
import { mayBeNamed, partsBeside } from "./blocksBeside";
import type { Expression, Target } from "./configuration";
import { holdsTrue } from "./deferredDocument";
import type { TerraformFile, TerraformResource } from "./terraformFile";

/** Blocks that the provider fills in where nobody writes them. Any other block is there only where it is written. */
const FILLED_IN: Readonly<Record<string, ReadonlySet<string>>> = {
  aws_s3_bucket: new Set([
    "versioning",
    "server_side_encryption_configuration",
    "replication_configuration",
    "object_lock_configuration",
  ]),
  aws_iam_role: new Set(["inline_policy"]),
};

/** Blocks of resources that have a say, which nobody fills in. */
const WRITTEN_ONLY = new Set(["rule", "versioning_configuration", "constraints"]);

/** Blocks within others that have a say. The provider fills in none of them: of those that nobody writes, a plan has no item. */
const NESTED = new Set([
  "rule",
  "rules",
  "filter",
  "and",
  "tag",
  "delete_marker_replication",
  "existing_object_replication",
  "source_selection_criteria",
  "sse_kms_encrypted_objects",
  "replica_modifications",
  "destination",
  "access_control_translation",
  "encryption_configuration",
  "metrics",
  "event_threshold",
  "replication_time",
  "time",
  "apply_server_side_encryption_by_default",
]);

export interface Unwritten {
  readonly resource: TerraformResource;
  readonly block: string;
}

type Called = Pick<Address, "type" | "name" | "isData">;

export class HiddenBlocks {
  private readonly unknownTakers = new Map<string, boolean>();
  private byName: ReadonlyMap<string, readonly TerraformResource[]> | undefined;
  private unknown: boolean | undefined;
  private hidden: boolean | undefined;
  private beside: readonly string[] | undefined;
  private idleRole: boolean | undefined;

  /** Blocks that a `dynamic` over something unknown could write, and that nothing hints at. */
  readonly unwritten: Unwritten[] = [];

  constructor(private readonly file: TerraformFile) {}

  /**
   * Whether a block that is not known, and that the configuration does not show, may be written all the same.
   * @param path Names from the resource's own block down to the block.
   */
  mayBeWritten(resource: TerraformResource, path: readonly string[]): boolean {
    const { address, before, completed } = resource;
    const name = path.at(-1) ?? "";
    if (path.length > 1) return NESTED.has(name);
    if (WRITTEN_ONLY.has(name)) return true;
    if (FILLED_IN[address.type]?.has(name) !== true) return false;
    // An apply without AWS fills in no block.
    if (completed !== undefined) return listOf(completed[name]).length > 0;
    // Of what is there already, the provider knows what it filled in.
    if (Object.keys(before).length > 0) return true;
    const isHidden = this.isHinted(resource, name);
    if (!isHidden && this.hangsOnUnknown()) this.unwritten.push({ resource, block: name });
    return isHidden;
  }

  private isHinted(resource: TerraformResource, name: string): boolean {
    const isHinted = this.takesUnknownValues(resource.address.module) || this.hasHiddenUse();
    if (name === "server_side_encryption_configuration") return isHinted || this.hasKeyInReach(resource);
    return isHinted && (name !== "replication_configuration" || this.hasIdleRole());
  }

  private hangsOnUnknown(): boolean {
    this.unknown ??= (this.file.relevant ?? []).some((used) =>
      this.isUnknown({ ...used, isData: false }, used.attribute),
    );
    return this.unknown;
  }

  /** Whether the plan hangs on a new key that could be the bucket's, one in its module or in one that this calls. */
  private hasKeyInReach({ address, provider }: TerraformResource): boolean {
    const own = withoutKeys(address.module);
    const isInReach = (module: string) => own === "" || `${module}.`.startsWith(`${own}.`);
    return (this.file.relevant ?? []).some(
      ({ module, type, name, attribute }) =>
        type.startsWith("aws_kms_") &&
        isInReach(module) &&
        this.named({ type, name, isData: false }).some(
          (key) =>
            withoutKeys(key.address.module) === module &&
            (key.provider ?? provider) === provider &&
            isUnknownIn(key, attribute),
        ),
    );
  }

  /** Whether a module is given something that is known only after the apply. */
  private takesUnknownValues(module: string): boolean {
    let takes = this.unknownTakers.get(module);
    if (takes === undefined) {
      const targets = this.file.configuration.argumentsOf(module).flat();
      takes = targets.some((target) => this.isOpen(target));
      this.unknownTakers.set(module, takes);
    }
    return takes;
  }

  private isOpen(target: Target): boolean {
    if (target.kind !== "resource") return target.kind === "lost";
    return this.isUnknown(target, target.attribute, false);
  }

  /** Whether an attribute, or any where none is said, is known only after the apply. @param otherwise Of what is not there. */
  private isUnknown(called: Called, attribute: string, otherwise = true): boolean {
    const found = this.named(called);
    return found.length === 0 ? otherwise : found.some((resource) => isUnknownIn(resource, attribute));
  }

  private named(called: Called): readonly TerraformResource[] {
    this.byName ??= grouped(this.file.resources, ({ address }) => nameOf(address));
    return this.byName.get(nameOf(called)) ?? [];
  }

  /**
   * Whether the plan hangs on an attribute that no expression of its configuration shows. What is used beside is not
   * told from what is used here: a security group that a `dynamic "ingress"` names.
   */
  private hasHiddenUse(): boolean {
    if (this.hidden === undefined) {
      const shown = this.file.configuration.shownReferences();
      this.hidden = (this.file.relevant ?? []).some(
        (used) =>
          !shown.has(`${used.type}.${used.name}`) &&
          !shown.has(`${used.type}.${used.name}.${used.attribute}`) &&
          this.isUnknown({ ...used, isData: false }, used.attribute) &&
          !this.isNamedBeside(used),
      );
    }
    return this.hidden;
  }

  private isNamedBeside(used: RelevantAttribute): boolean {
    this.beside ??= partsBeside(this.file);
    return mayBeNamed(used, this.beside);
  }

  /** Whether S3 may assume a role that no replication shows: it is the sign of one that is hidden. */
  private hasIdleRole(): boolean {
    if (this.idleRole === undefined) {
      const { configuration, resources } = this.file;
      const used = new Set<string>();
      for (const { address } of resources) {
        for (const target of roleTargets(configuration, address)) {
          if (target.kind === "resource") used.add(`${target.type}.${target.name}`);
        }
      }
      this.idleRole = resources.some(
        (resource) =>
          resource.address.type === "aws_iam_role" &&
          !resource.address.isData &&
          resource.fate !== "gone" &&
          !used.has(nameOf(resource.address)) &&
          trustsS3(resource),
      );
    }
    return this.idleRole;
  }
}

function isUnknownIn({ unknown }: TerraformResource, attribute: string): boolean {
  return holdsTrue(
    attribute === "" ? unknown : (unknown as Record<string, unknown> | undefined)?.[attribute],
  );
}

function nameOf({ type, name, isData }: Called): string {
  return `${isData ? "data." : ""}${type}.${name}`;
}

function roleTargets(configuration: TerraformFile["configuration"], address: Address): Target[] {
  const expressions = configuration.expressions(address);
  const inline = (expressions?.replication_configuration as { role?: unknown }[] | undefined) ?? [];
  const roles = [
    ...(address.type === "aws_s3_bucket_replication_configuration" ? [expressions?.role] : []),
    ...(address.type === "aws_s3_bucket" && Array.isArray(inline) ? inline.map(({ role }) => role) : []),
  ];
  return roles.flatMap((role) =>
    role === undefined || role === null
      ? []
      : configuration.targets(role as Expression, address.module, address),
  );
}

/** Whether S3 may assume a role: a trust policy that is not known yet may be for S3. */
export function trustsS3({ values: { assume_role_policy: policy } }: TerraformResource): boolean {
  return typeof policy !== "string" || /s3\.amazonaws\.com/.test(policy);
}
