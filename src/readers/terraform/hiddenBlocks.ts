/**
 * Blocks that a `dynamic` may make. A plan leaves `dynamic` out of its configuration, so that a block which is not known
 * at all looks like one that nobody wrote, and that AWS or the provider fills in.
 */
import type { Address } from "./address";

import { grouped } from "../../util/grouping";
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

/** Resources of AWS that neither have a say nor are what blocks with a say name: keys, roles, buckets. */
const BESIDE = /^aws_(?!s3_bucket|iam_|kms_)/;

type Called = Pick<Address, "type" | "name" | "isData">;

export class HiddenBlocks {
  private readonly unknownTakers = new Map<string, boolean>();
  private byName: ReadonlyMap<string, readonly TerraformResource[]> | undefined;
  private hidden: boolean | undefined;
  private beside: boolean | undefined;
  private idleRole: boolean | undefined;

  constructor(private readonly file: TerraformFile) {}

  /**
   * Whether a block that is not known, and that the configuration does not show, may be written all the same.
   * @param path Names from the resource's own block down to the block.
   */
  mayBeWritten({ address, before }: TerraformResource, path: readonly string[]): boolean {
    const name = path.at(-1) ?? "";
    if (path.length > 1) return NESTED.has(name);
    if (WRITTEN_ONLY.has(name)) return true;
    if (FILLED_IN[address.type]?.has(name) !== true) return false;
    // Of what is there already, the provider knows what it filled in.
    if (Object.keys(before).length > 0) return true;
    if (!this.takesUnknownValues(address.module) && !this.hasHiddenUse()) return false;
    return name !== "replication_configuration" || this.hasIdleRole();
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
    this.byName ??= grouped(this.file.resources, ({ address }) => nameOf(address));
    const found = this.byName.get(nameOf(called));
    return (
      found?.some(({ unknown }) =>
        holdsTrue(attribute === "" ? unknown : (unknown as Record<string, unknown> | undefined)?.[attribute]),
      ) ?? otherwise
    );
  }

  /**
   * Whether the plan hangs on an attribute that no expression of its configuration shows. What is used beside is not
   * told from what is used here: a security group that a `dynamic "ingress"` names.
   */
  private hasHiddenUse(): boolean {
    if (this.hidden === undefined) {
      const shown = this.file.configuration.shownReferences();
      this.hidden = (this.file.relevant ?? []).some(
        ({ type, name, attribute }) =>
          !shown.has(`${type}.${name}`) &&
          !shown.has(`${type}.${name}.${attribute}`) &&
          this.isUnknown({ type, name, isData: false }, attribute) &&
          !(BESIDE.test(type) && this.hasBlockBeside()),
      );
    }
    return this.hidden;
  }

  /** Whether a resource without a say has a block that no expression shows, with something unknown in it. */
  private hasBlockBeside(): boolean {
    this.beside ??= this.file.resources.some(({ address, unknown }) => {
      if (!BESIDE.test(address.type)) return false;
      const written = this.file.configuration.expressions(address) ?? {};
      return Object.entries(unknown ?? {}).some(
        ([name, mark]) => mark !== true && !Object.hasOwn(written, name) && holdsTrue(mark),
      );
    });
    return this.beside;
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
        ({ address: { type, name, isData }, values, fate }) =>
          type === "aws_iam_role" &&
          !isData &&
          fate !== "gone" &&
          !used.has(`${type}.${name}`) &&
          trustsS3(values.assume_role_policy),
      );
    }
    return this.idleRole;
  }
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

/** A trust policy that is not known yet may be for S3. */
function trustsS3(policy: unknown): boolean {
  return typeof policy !== "string" || /s3\.amazonaws\.com/.test(policy);
}
