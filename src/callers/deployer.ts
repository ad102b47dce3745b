/** What whoever deploys a stack must be allowed: each resource that the stack registers, with the rows of its type. */
import { partitionOfRegion } from "../naming/arn";
import { bucketArnOf, roleArnOf } from "../naming/names";
import type { RegisteredResource, StackRun } from "../readers/programRun";
import { DEPLOYER_ACTIONS, type DeployerRow, type DeployTarget } from "./deployerActions";
import type { Need } from "./policyDocument";

/** What one caller must be allowed in one account, to deploy one stack. */
export interface DeployerNeeds {
  readonly stack: string;
  readonly accountId: string;
  readonly needs: readonly Need[];
  /** Types of AWS whose actions are not known here. */
  readonly unknownTypes: readonly string[];
}

/**
 * @param withRemoval Whether the caller may remove the stack's resources, too.
 * @returns An entry for each account of each stack, in the order of the stacks.
 */
export function deployerNeeds(stacks: readonly StackRun[], withRemoval: boolean): readonly DeployerNeeds[] {
  return stacks.flatMap(({ name, resources }) => {
    const accountIds = new Set(resources.flatMap(({ accountId }) => accountId ?? []));
    return [...accountIds].map((accountId) => {
      const own = resources.filter(
        (resource) => resource.accountId === accountId && resource.type.startsWith("aws:"),
      );
      return { stack: name, accountId, ...needsOf(new Deployment(accountId, own), own, withRemoval) };
    });
  });
}

function needsOf(deployment: Deployment, resources: readonly RegisteredResource[], withRemoval: boolean) {
  const needs: Need[] = [];
  const unknownTypes = new Set<string>();
  for (const resource of resources) {
    const rows = DEPLOYER_ACTIONS[resource.type];
    if (rows === undefined) unknownTypes.add(resource.type);
    for (const row of rows ?? []) {
      if (!isNeeded(row, resource)) continue;
      const { create = [], read = [], update = [], remove = [] } = row;
      const actions = [...create, ...read, ...update, ...(withRemoval ? remove : [])];
      for (const target of deployment.arns(row.on, resource)) {
        needs.push(...actions.map((action) => ({ action, resource: target })));
      }
    }
  }
  return { needs, unknownTypes: [...unknownTypes] };
}

function isNeeded({ when }: DeployerRow, { inputs }: RegisteredResource): boolean {
  switch (when) {
    case undefined:
      return true;
    case "tags":
      return typeof inputs.tags === "object" && inputs.tags !== null && Object.keys(inputs.tags).length > 0;
    case "Object Lock":
      return inputs.objectLockEnabled === true;
  }
}

/** The resources of one stack in one account, as ARNs that are known before they are made. */
class Deployment {
  constructor(
    private readonly accountId: string,
    private readonly resources: readonly RegisteredResource[],
  ) {}

  /** ARNs of what a row is about; a pattern where only the deployment tells the name. */
  arns(target: DeployTarget, resource: RegisteredResource): readonly string[] {
    const { inputs, region = "" } = resource;
    const partition = partitionOfRegion(region);
    const place = (service: string) => `arn:${partition}:${service}:${region}:${this.accountId}`;
    switch (target) {
      case "everything":
        return ["*"];
      case "bucket":
        return this.named(inputs.bucket, "aws:s3/bucket:Bucket", "bucket").map((name) =>
          bucketArnOf(partition, name),
        );
      // Ids of keys are made by AWS.
      case "keysOfRegion":
        return [`${place("kms")}:key/*`];
      case "alias":
        return [`${place("kms")}:${textOf(inputs.name) ?? "alias/*"}`];
      case "role":
        return this.roles(inputs, partition);
      case "replicationRole":
        return [textOf(inputs.role) ?? roleArnOf(partition, this.accountId, "/", "*")];
      case "queue":
        return this.queues(inputs).map((name) => `${place("sqs")}:${name}`);
      case "alarm":
        return [`${place("cloudwatch")}:alarm:${textOf(inputs.name) ?? "*"}`];
      case "alarmsOfRegion":
        return [`${place("cloudwatch")}:alarm:*`];
      case "dashboard":
        return [
          `arn:${partition}:cloudwatch::${this.accountId}:dashboard/${textOf(inputs.dashboardName) ?? "*"}`,
        ];
    }
  }

  /** A role by its own name and path, or the one that a policy's input names. */
  private roles(inputs: RegisteredResource["inputs"], partition: string): readonly string[] {
    const arnOf = (name: string, path: unknown) =>
      roleArnOf(partition, this.accountId, textOf(path) ?? "/", name);
    if (inputs.assumeRolePolicy !== undefined) return [arnOf(textOf(inputs.name) ?? "*", inputs.path)];
    const roles = this.ofType("aws:iam/role:Role");
    return this.named(inputs.role, "aws:iam/role:Role", "name").map((name) =>
      arnOf(name, roles.find((role) => role.inputs.name === name)?.inputs.path),
    );
  }

  /** A queue by its own name, or by its URL, which ends in it. */
  private queues({ name, queueUrl }: RegisteredResource["inputs"]): readonly string[] {
    const known = textOf(name) ?? textOf(queueUrl)?.split("/").at(-1);
    return this.named(known, "aws:sqs/queue:Queue", "name");
  }

  /** A name, or the names of all resources of the type where only the deployment tells it. */
  private named(given: unknown, type: string, property: string): readonly string[] {
    const known = textOf(given);
    if (known !== undefined) return [known];
    const names = this.ofType(type).flatMap(({ inputs }) => textOf(inputs[property]) ?? []);
    return names.length > 0 ? [...new Set(names)] : ["*"];
  }

  private ofType(type: string): readonly RegisteredResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
