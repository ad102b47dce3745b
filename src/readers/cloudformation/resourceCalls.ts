/** The calls that CloudFormation makes for each type of resource that has a say in replication: one entry a type. */
import type { Given, Operation, Parameters } from "../../resources/calls";
import { at, listOf } from "../../resources/values";
import { Unread } from "../../snapshot/unread";
import { asBoolean, bucketCalls } from "./bucketCalls";
import type { StackEvaluation } from "./evaluation";
import type { Value } from "./functions";
import type { CallMaker, Emit, Making } from "./making";
import type { TemplateResource } from "./template";

const CALLS: Readonly<Record<string, CallMaker>> = {
  "AWS::S3::Bucket": bucketCalls,
  "AWS::S3::BucketPolicy": ({ properties, emit }) => {
    emit("s3:PutBucketPolicy", { Bucket: properties.Bucket, Policy: properties.PolicyDocument });
  },
  "AWS::KMS::Key": (making) => {
    const { resource, properties, identity, emit } = making;
    const KeyId = textOr(identity.ref, resource.logicalId);
    emit("kms:CreateKey", {
      KeyId,
      Arn: textOr(identity.attributes.Arn, ""),
      Policy: properties.KeyPolicy,
      MultiRegion: asBoolean(properties.MultiRegion),
      KeySpec: properties.KeySpec,
    });
    // A key of imported material cannot be used before the material is there.
    emitState(KeyId, properties.Origin === "EXTERNAL" ? "false" : properties.Enabled, making);
  },
  "AWS::KMS::ReplicaKey": (making) => {
    const { resource, properties, identity, emit } = making;
    const KeyId = textOr(identity.ref, resource.logicalId);
    emit("kms:ReplicateKey", {
      KeyId,
      Arn: textOr(identity.attributes.Arn, ""),
      Policy: properties.KeyPolicy,
    });
    emitState(KeyId, properties.Enabled, making);
  },
  "AWS::KMS::Alias": ({ properties, emit }) => {
    const { AliasName, TargetKeyId } = properties;
    if (typeof AliasName === "string") emit("kms:CreateAlias", { AliasName, TargetKeyId });
  },
  "AWS::IAM::Role": ({ resource, properties, identity, emit }) => {
    const RoleName = textOr(identity.ref, resource.logicalId);
    emit("iam:CreateRole", {
      RoleName,
      Arn: textOr(identity.attributes.Arn, ""),
      AssumeRolePolicyDocument: properties.AssumeRolePolicyDocument,
      PermissionsBoundary: properties.PermissionsBoundary,
    });
    each(properties.Policies, (inline, index) => {
      const PolicyName = textOr(at(inline, "PolicyName"), `unread${index}`);
      const PolicyDocument = inline instanceof Unread ? inline : at(inline, "PolicyDocument");
      emit("iam:PutRolePolicy", { RoleName, PolicyName, PolicyDocument });
    });
    each(properties.ManagedPolicyArns, (PolicyArn) => emit("iam:AttachRolePolicy", { RoleName, PolicyArn }));
  },
  "AWS::IAM::Policy": ({ resource, properties, emit }) => {
    const PolicyName = textOr(properties.PolicyName, resource.logicalId);
    each(properties.Roles, (RoleName) =>
      emit("iam:PutRolePolicy", { RoleName, PolicyName, PolicyDocument: properties.PolicyDocument }),
    );
  },
  "AWS::IAM::RolePolicy": ({ resource, properties, emit }) => {
    emit("iam:PutRolePolicy", {
      RoleName: properties.RoleName,
      PolicyName: textOr(properties.PolicyName, resource.logicalId),
      PolicyDocument: properties.PolicyDocument,
    });
  },
  "AWS::IAM::ManagedPolicy": ({ resource, properties, identity, emit }) => {
    const Arn = textOr(identity.ref, resource.logicalId);
    emit("iam:CreatePolicy", { Arn, PolicyDocument: properties.PolicyDocument });
    each(properties.Roles, (RoleName) => emit("iam:AttachRolePolicy", { RoleName, PolicyArn: Arn }));
  },
  "AWS::Organizations::Policy": ({ resource, properties, identity, emit }) => {
    const Id = textOr(identity.ref, resource.logicalId);
    emit("organizations:CreatePolicy", { Id, Type: properties.Type, Content: properties.Content });
    each(properties.TargetIds, (TargetId) => emit("organizations:AttachPolicy", { PolicyId: Id, TargetId }));
  },
};

/** Whether a type has a say in replication. */
export function makesCalls(type: string): boolean {
  return Object.hasOwn(CALLS, type);
}

/** A call before its account, Region and place are added. */
export type BareCall = { readonly [O in Operation]: { operation: O; parameters: Parameters[O] } }[Operation];

/**
 * @param doubt Told where AWS may get something else than what the calls say.
 * @throws InvalidInputError for functions that CloudFormation would not take.
 */
export function callsOf(
  resource: TemplateResource,
  stack: StackEvaluation,
  doubt: (why: string) => void,
): BareCall[] {
  const make = Object.hasOwn(CALLS, resource.type) ? CALLS[resource.type] : undefined;
  const isMade = stack.isMade(resource);
  if (make === undefined || isMade === false) return [];
  const calls: BareCall[] = [];
  const identity = stack.identity(resource);
  if (isMade instanceof Unread) doubt(`whether it is made hangs on ${isMade.why}`);
  if (identity.unknownName !== undefined) doubt(`its name hangs on ${identity.unknownName.why}`);
  if (identity.presumedName !== undefined) {
    doubt(
      `CloudFormation generates its name, which is taken to be '${identity.presumedName}', as an ARN that is written down says; a RoleName of its own makes it certain`,
    );
  }
  const emit: Emit = (operation, parameters) => {
    const known = isMade instanceof Unread ? withUnreadSettings(parameters, isMade) : parameters;
    calls.push({ operation, parameters: known } as BareCall);
  };
  make({
    resource,
    properties: stack.propertiesOf(resource),
    identity: identity.madeUp ?? identity,
    isCertain: isMade === true,
    emit,
    doubt,
  });
  return calls;
}

/** What says which thing a call is about. */
const NAMES = new Set(["Bucket", "KeyId", "Arn", "RoleName", "PolicyName", "AliasName", "Id", "PolicyId"]);

/** Where it is not known whether a call is made, everything that it would set is unread. */
function withUnreadSettings<P extends object>(parameters: P, why: Unread): P {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]: [string, Given]) => [
      name,
      NAMES.has(name) ? value : unreadLeaves(value, why),
    ]),
  ) as P;
}

function unreadLeaves(value: unknown, why: Unread): unknown {
  if (Array.isArray(value)) return value.map((inner) => unreadLeaves(inner, why));
  if (typeof value !== "object" || value === null || value instanceof Unread) return why;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unreadLeaves(inner, why)]));
}

function emitState(KeyId: string, enabled: Value, { emit, isCertain }: Making): void {
  const isEnabled = asBoolean(enabled);
  if (isEnabled instanceof Unread) emit("kms:DisableKey", { KeyId, Disabled: isEnabled });
  else if (isEnabled === false && isCertain) emit("kms:DisableKey", { KeyId });
}

function each(list: Value, visit: (item: Value, index: number) => void): void {
  const items = list instanceof Unread ? [list] : (listOf(list) as readonly Value[]);
  items.forEach(visit);
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}
