/** What IAM's calls do to an account. */
import { accountOf, type RoleState } from "../snapshot/snapshot";
import { isUnreadPolicy, markUnread, Unread, unreadPolicy } from "../snapshot/unread";
import { awsManagedPolicy } from "./awsManagedPolicies";
import type { AnyCall, CallOf } from "./calls";
import { type Found, roleOf, unreadRole } from "./lookUp";
import { AwsRefusal } from "./refusal";
import { type Handler, mayRefuse, noteSetting, type Site } from "./site";
import { asDocument, withUncertain } from "./policyDocuments";
import { listOf, text } from "./values";

const createRole: Handler<"iam:CreateRole"> = (site, call) => {
  const { snapshot, notes } = site;
  const { parameters, account, known } = call;
  const { RoleName: roleName, Arn: arn, AssumeRolePolicyDocument: trust, PermissionsBoundary } = parameters;
  const { roles } = accountOf(snapshot, account);
  if (known === "stated") {
    roles[arn] ??= unreadRole("a role that exists already");
    return;
  }
  // Role names are unique in an account whatever their paths are.
  if (mayRefuse(site, call) && Object.keys(roles).some((other) => other.endsWith(`/${roleName}`))) {
    throw new AwsRefusal(
      `EntityAlreadyExists: Role with name ${roleName} already exists in account ${account}`,
    );
  }
  const tooEarly = notes.namedTooEarly.get(arn);
  if (tooEarly !== undefined) throw new AwsRefusal(`${tooEarly}, which is made only later`, true);
  if (known === "external") {
    if (roles[arn] !== undefined) return;
    notes.external.add(arn);
  }
  const trustDocument = asDocument(trust, "trust");
  const state: RoleState = {
    trust: trustDocument,
    policies: [],
    policyNames: [],
    boundary: null,
  };
  roles[arn] = state;
  noteSetting(site, arn, "", call);
  noteSetting(site, arn, "trust", call, trust);
  if (isUnreadPolicy(trustDocument)) markUnread(state, "trust");
  if (PermissionsBoundary === undefined || PermissionsBoundary === "") return;
  const found = { arn, state };
  awaitPolicy(site, call, PermissionsBoundary, found, "boundary", (document) => (state.boundary = document));
};

function addDocument(
  site: Site,
  call: AnyCall,
  { arn, state }: Found<RoleState>,
  name: string,
  policy: unknown,
): void {
  const document = asDocument(policy, "identity");
  const setting = `policy ${name}`;
  noteSetting(site, arn, setting, call, policy);
  if (isUnreadPolicy(document)) markUnread(state, setting);
  const names = (state.policyNames ??= []);
  const index = names.indexOf(name);
  // A policy of the same name is written over.
  if (index >= 0 && name !== "inline" && name !== "unread") state.policies[index] = document;
  else {
    state.policies.push(document);
    names.push(name);
  }
}

/** Puts the document of a managed policy where it belongs; until it is known, one that stands for it. */
function awaitPolicy(
  site: Site,
  call: AnyCall,
  policyArn: unknown,
  { arn: roleArn, state }: Found<RoleState>,
  what: string,
  put: (document: unknown) => void,
): void {
  const { notes } = site;
  const arn = text(policyArn);
  noteSetting(site, roleArn, what, call, policyArn);
  const known = notes.managedPolicies.get(arn) ?? awsManagedPolicy(arn);
  if (known !== undefined) {
    const made = notes.places.of(arn);
    // What is wrong in a managed policy is mended there, and not where it is attached.
    if (made !== undefined) notes.places.note(roleArn, what, made);
    put(known);
    return;
  }
  put(unreadPolicy("identity", arn === "" ? "a managed policy that is not known yet" : arn));
  markUnread(state, what);
  if (arn !== "") {
    notes.awaited.push({
      policyArn: arn,
      replace: (document) => {
        put(document);
        state.unread = state.unread?.filter((other) => other !== what);
        if (state.unread?.length === 0) delete state.unread;
      },
      explain: (unknown) => {
        put(unreadPolicy("identity", unknown.why));
        notes.places.noteUnknown(roleArn, what, unknown);
      },
    });
  }
}

const putRolePolicy: Handler<"iam:PutRolePolicy"> = (site, call) => {
  const { RoleName, PolicyName, PolicyDocument } = call.parameters;
  forRole(site, call, RoleName, (found) => addDocument(site, call, found, PolicyName, PolicyDocument));
};

const attachRolePolicy: Handler<"iam:AttachRolePolicy"> = (site, call) => {
  const { RoleName, PolicyArn } = call.parameters;
  forRole(site, call, RoleName, (found) => {
    const { arn, state } = found;
    const attached = site.notes.attached.get(arn) ?? new Map<string, number>();
    // A policy that is attached already stays attached once.
    const policyArn = text(PolicyArn);
    if (attached.has(policyArn)) return;
    if (policyArn !== "") site.notes.attached.set(arn, attached.set(policyArn, state.policies.length));
    const name = policyArn.slice(policyArn.lastIndexOf("/") + 1) || "unread";
    const index = state.policies.length;
    state.policies.push(null);
    (state.policyNames ??= []).push(name);
    let current: unknown = null;
    awaitPolicy(site, call, PolicyArn, found, `policy ${name}`, (document) => {
      const place = current === null ? index : state.policies.indexOf(current);
      state.policies[place] = document;
      current = document;
    });
  });
};

/** What belongs to a role that is not known may belong to each role of the account. */
function forRole(site: Site, call: AnyCall, named: unknown, change: (found: Found<RoleState>) => void): void {
  const found = roleOf(site, call, named);
  if (found === undefined) site.notes.strayRolePolicies.push(call);
  else if (call.known !== "external" || site.notes.external.has(found.arn)) change(found);
}

/** Which policies the role has by then is known only when all calls are read. */
const keepToList: Handler<"iam:DeleteRolePolicy" | "iam:DetachRolePolicy"> = ({ notes }, call) => {
  notes.exclusiveLists.push(call);
};

const createPolicy: Handler<"iam:CreatePolicy"> = (site, call) => {
  const { notes } = site;
  const { Arn: arn, PolicyDocument: policy } = call.parameters;
  noteSetting(site, arn, "", call);
  const document = asDocument(policy, "identity");
  if (isUnreadPolicy(document)) noteSetting(site, arn, "policy", call, policy);
  else notes.managedPolicies.set(arn, document);
};

export const IAM_CALLS = {
  "iam:CreateRole": createRole,
  "iam:PutRolePolicy": putRolePolicy,
  "iam:AttachRolePolicy": attachRolePolicy,
  "iam:DeleteRolePolicy": keepToList,
  "iam:DetachRolePolicy": keepToList,
  "iam:CreatePolicy": createPolicy,
};

/** Managed policies that came after their attachments, and policies of roles that nobody could name. */
export function finishRoles(site: Site): void {
  const { snapshot, notes } = site;
  for (const { policyArn, replace, explain } of notes.awaited.splice(0)) {
    const document = notes.managedPolicies.get(policyArn);
    const unknown = notes.places.unknown(policyArn, "policy");
    if (document !== undefined) replace(document);
    else if (unknown !== undefined) explain(unknown);
  }
  for (const call of notes.exclusiveLists.splice(0)) doubtUnlisted(site, call);
  for (const call of notes.strayRolePolicies.splice(0)) {
    for (const [arn, state] of Object.entries(snapshot.accounts[call.account]?.roles ?? {})) {
      const stray = new Unread("a policy of a role that is not known yet");
      addDocument(site, call, { arn, state }, "unread", stray);
    }
  }
}

/** A policy that one resource puts on a role and another one takes away: which of them comes last, nobody knows. */
function doubtUnlisted(site: Site, call: CallOf<"iam:DeleteRolePolicy" | "iam:DetachRolePolicy">): void {
  const { parameters, subject } = call;
  const found = roleOf(site, call, parameters.RoleName);
  if (found === undefined) return;
  const { policies, policyNames = [] } = found.state;
  const attached = new Map([...(site.notes.attached.get(found.arn) ?? [])].map(([arn, at]) => [at, arn]));
  const isOfInline = "ExceptPolicyNames" in parameters;
  const listed = isOfInline ? parameters.ExceptPolicyNames : parameters.ExceptPolicyArns;
  const kept = new Set(listed instanceof Unread ? [] : listOf(listed));
  policies.forEach((document, at) => {
    const arn = attached.get(at);
    if ((arn === undefined) !== isOfInline || kept.has(arn ?? policyNames[at])) return;
    const why = `whether the policy '${policyNames[at]}' stays on the role, as ${subject} takes away what is not in its list`;
    policies[at] = withUncertain(["Allow", "Deny"], document, why);
  });
}
