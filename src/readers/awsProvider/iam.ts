/** IAM's and Organizations' resources of the AWS provider, as the calls that they come to. */
import { partitionOfRegion } from "../../naming/arn";
import { roleArnOf } from "../../naming/names";
import { uniqueId } from "../../naming/uniqueId";
import type { Call } from "../../resources/calls";
import { Unread } from "../../snapshot/unread";
import { at, listOf, text, textAt, textOr } from "./attributes";
import { callOf, deployedArn, idOf, type Mapper, nameOf, type ProviderResource } from "./providerResource";

const role: Mapper = (resource) => {
  const { attributes, accountId, region, deployed } = resource;
  const { id = "" } = deployed ?? {};
  const RoleName = textAt(attributes, "name") === "" && id !== "" ? id : nameOf(resource, "name");
  const Arn =
    deployedArn(resource, "iam") ??
    roleArnOf(partitionOfRegion(region), accountId, textOr(at(attributes, "path"), "/"), RoleName);
  const create = callOf(resource, "iam:CreateRole", {
    RoleName,
    Arn,
    AssumeRolePolicyDocument: at(attributes, "assume_role_policy"),
    PermissionsBoundary: at(attributes, "permissions_boundary"),
  });
  return {
    calls: [create, ...insidePolicies(resource, RoleName)],
    id: RoleName,
    outputs: { arn: Arn, name: RoleName },
  };
};

/** Policies that are said in the role itself. */
function insidePolicies(resource: ProviderResource, RoleName: string): Call[] {
  const { attributes, deployed } = resource;
  const put = (PolicyName: string, PolicyDocument: unknown) =>
    callOf(resource, "iam:PutRolePolicy", { RoleName, PolicyName, PolicyDocument });
  const attach = (PolicyArn: unknown) => callOf(resource, "iam:AttachRolePolicy", { RoleName, PolicyArn });
  const inline = at(attributes, "inline_policy") ?? at(attributes, "inline_policies");
  const attached = at(attributes, "managed_policy_arns");
  return [
    ...(inline instanceof Unread
      ? [put("unread", inline)]
      : listOf(inline).flatMap((one) => {
          const policy = at(one, "policy");
          // One item without a policy says that there are to be none.
          return policy === undefined ? [] : [put(textOr(at(one, "name"), "inline"), policy)];
        })),
    ...(attached instanceof Unread ? [put("unread", attached)] : listOf(attached).map(attach)),
    // Of a role that others make, the provider reads its policies too.
    ...(deployed?.external === true && inline === undefined
      ? [put("unread", new Unread("policies of a role of another program"))]
      : []),
  ];
}

const rolePolicy: Mapper = (resource) => {
  const { attributes, name, deployed } = resource;
  const RoleName = at(attributes, "role");
  const [, idName] = (deployed?.id ?? "").split(":");
  const PolicyName = textOr(at(attributes, "name"), textOr(idName, name));
  const call = callOf(resource, "iam:PutRolePolicy", {
    RoleName,
    PolicyName,
    PolicyDocument: at(attributes, "policy"),
  });
  return { calls: [call], id: `${text(RoleName)}:${PolicyName}`, outputs: { name: PolicyName } };
};

const managedPolicy: Mapper = (resource) => {
  const { attributes, accountId, region } = resource;
  const policyName = nameOf(resource, "name");
  const path = textOr(at(attributes, "path"), "/");
  const Arn =
    deployedArn(resource, "iam") ??
    `arn:${partitionOfRegion(region)}:iam::${accountId}:policy${path}${policyName}`;
  const call = callOf(resource, "iam:CreatePolicy", { Arn, PolicyDocument: at(attributes, "policy") });
  return { calls: [call], id: Arn, outputs: { arn: Arn, name: policyName } };
};

const rolePolicyAttachment: Mapper = (resource) => {
  const { attributes, name } = resource;
  const call = callOf(resource, "iam:AttachRolePolicy", {
    RoleName: at(attributes, "role"),
    PolicyArn: at(attributes, "policy_arn"),
  });
  return { calls: [call], id: idOf(resource, name), outputs: {} };
};

const policyAttachment: Mapper = (resource) => {
  const { attributes, name } = resource;
  const roles = at(attributes, "roles");
  const PolicyArn = at(attributes, "policy_arn");
  const named = roles instanceof Unread ? [roles] : listOf(roles);
  const calls = named.map((RoleName) => callOf(resource, "iam:AttachRolePolicy", { RoleName, PolicyArn }));
  return { calls, id: idOf(resource, name), outputs: {} };
};

/** It attaches what is not attached yet, and takes away everything else. */
const exclusiveAttachments: Mapper = (resource) => {
  const { attributes, name } = resource;
  const RoleName = at(attributes, "role_name");
  const arns = at(attributes, "policy_arns");
  const attached = arns instanceof Unread ? [arns] : listOf(arns);
  const calls = [
    ...attached.map((PolicyArn) => callOf(resource, "iam:AttachRolePolicy", { RoleName, PolicyArn })),
    callOf(resource, "iam:DetachRolePolicy", { RoleName, ExceptPolicyArns: arns ?? [] }),
  ];
  return { calls, id: idOf(resource, name), outputs: {} };
};

/** It takes away every inline policy that is not in its list, and makes none. */
const exclusivePolicies: Mapper = (resource) => {
  const { attributes, name } = resource;
  const call = callOf(resource, "iam:DeleteRolePolicy", {
    RoleName: at(attributes, "role_name"),
    ExceptPolicyNames: at(attributes, "policy_names") ?? [],
  });
  return { calls: [call], id: idOf(resource, name), outputs: {} };
};

const organizationPolicy: Mapper = (resource) => {
  const { attributes, name, accountId } = resource;
  const Id = idOf(resource, `p-${uniqueId(accountId, name).slice(0, 8)}`);
  const call = callOf(resource, "organizations:CreatePolicy", {
    Id,
    Type: at(attributes, "type"),
    Content: at(attributes, "content"),
  });
  return {
    calls: [call],
    id: Id,
    outputs: { arn: `arn:aws:organizations::${accountId}:policy/o-unread/${Id}` },
  };
};

const organizationPolicyAttachment: Mapper = (resource) => {
  const { attributes, name } = resource;
  const call = callOf(resource, "organizations:AttachPolicy", {
    PolicyId: textAt(attributes, "policy_id"),
    TargetId: textAt(attributes, "target_id"),
  });
  return { calls: [call], id: idOf(resource, name), outputs: {} };
};

export const IAM_RESOURCES: Readonly<Record<string, Mapper>> = {
  aws_iam_role: role,
  aws_iam_role_policy: rolePolicy,
  aws_iam_policy: managedPolicy,
  aws_iam_role_policy_attachment: rolePolicyAttachment,
  aws_iam_policy_attachment: policyAttachment,
  aws_iam_role_policy_attachments_exclusive: exclusiveAttachments,
  aws_iam_role_policies_exclusive: exclusivePolicies,
  aws_organizations_policy: organizationPolicy,
  aws_organizations_policy_attachment: organizationPolicyAttachment,
};
