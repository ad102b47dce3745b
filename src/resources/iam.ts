/** IAM's resources: one entry a type. */
import { partitionOfRegion } from "../naming/arn";
import { roleArnOf } from "../naming/names";
import { accountOf, type RoleState } from "../snapshot/snapshot";
import { markUnread, Unread, unreadPolicy } from "../snapshot/unread";
import { AwsRefusal } from "./refusal";
import { deployedArn, type Handler, type ResourceInputs, roleOf, type Site } from "./handler";
import { asDocument, at, findUnread, listOf, text, textOr, uniqueId } from "./values";

const role: Handler = (site, resource) => {
  const { inputs, accountId, region, name, deployed } = resource;
  const { roles } = accountOf(site.snapshot, accountId);
  const prefix = textOr(inputs.namePrefix, `${name}-`);
  const roleName = textOr(
    inputs.name,
    textOr(deployed?.id, `${prefix}${uniqueId(accountId, name).slice(0, 7)}`),
  );
  const partition = partitionOfRegion(region);
  const arn =
    deployedArn(resource, "iam") ?? roleArnOf(partition, accountId, textOr(inputs.path, "/"), roleName);
  // Role names are unique in an account whatever their paths are.
  if (site.world.refuses && Object.keys(roles).some((other) => other.endsWith(`/${roleName}`))) {
    throw new AwsRefusal(
      `EntityAlreadyExists: Role with name ${roleName} already exists in account ${accountId}`,
    );
  }
  const tooEarly = site.notes.namedTooEarly.get(arn);
  if (tooEarly !== undefined) throw new AwsRefusal(`${tooEarly}, which is made only later`);
  if (deployed?.external === true && roles[arn] !== undefined) return { id: roleName, outputs: {} };
  const state: RoleState = {
    trust: asDocument(inputs.assumeRolePolicy, "trust"),
    policies: [],
    policyNames: [],
    boundary: null,
  };
  roles[arn] = state;
  if (findUnread(inputs.assumeRolePolicy) !== undefined) markUnread(state, "trust");
  addInside(site, state, inputs);
  // Of a role that others make, the provider reads its policies too.
  if (deployed?.external === true && inputs.inlinePolicies === undefined) {
    addDocument(state, "unread", new Unread("policies of a role of another program"));
  }
  return { id: roleName, outputs: { arn, name: roleName } };
};

/** Policies that are said in the role itself. */
function addInside(site: Site, state: RoleState, inputs: ResourceInputs["inputs"]): void {
  if (inputs.inlinePolicies instanceof Unread) addDocument(state, "unread", inputs.inlinePolicies);
  else {
    for (const inline of listOf(inputs.inlinePolicies)) {
      const policy = at(inline, "policy");
      // One item without a policy says that there are to be none.
      if (policy !== undefined) addDocument(state, textOr(at(inline, "name"), "inline"), policy);
    }
  }
  if (inputs.managedPolicyArns instanceof Unread) addDocument(state, "unread", inputs.managedPolicyArns);
  else for (const arn of listOf(inputs.managedPolicyArns)) attach(site, state, arn);
  const { permissionsBoundary } = inputs;
  if (permissionsBoundary === undefined || permissionsBoundary === "") return;
  awaitPolicy(site, permissionsBoundary, state, "boundary", (document) => (state.boundary = document));
}

function addDocument(state: RoleState, name: string, policy: unknown): void {
  const document = asDocument(policy, "identity");
  if (findUnread(policy) !== undefined) markUnread(state, `policy ${name}`);
  const names = (state.policyNames ??= []);
  const index = names.indexOf(name);
  // A policy of the same name is written over.
  if (index >= 0 && name !== "inline" && name !== "unread") state.policies[index] = document;
  else {
    state.policies.push(document);
    names.push(name);
  }
}

function attach(site: Site, state: RoleState, policyArn: unknown): void {
  const name = text(policyArn).slice(text(policyArn).lastIndexOf("/") + 1) || "unread";
  const index = state.policies.length;
  state.policies.push(null);
  (state.policyNames ??= []).push(name);
  let current: unknown = null;
  awaitPolicy(site, policyArn, state, `policy ${name}`, (document) => {
    const place = current === null ? index : state.policies.indexOf(current);
    state.policies[place] = document;
    current = document;
  });
}

/** Puts the document of a managed policy where it belongs; until it is known, one that stands for it. */
function awaitPolicy(
  { notes }: Site,
  policyArn: unknown,
  state: RoleState,
  what: string,
  put: (document: unknown) => void,
): void {
  const arn = text(policyArn);
  const known = notes.managedPolicies.get(arn);
  if (known !== undefined) {
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
    });
  }
}

const rolePolicy: Handler = (site, resource) => {
  const { inputs, name, deployed } = resource;
  const [, idName] = (deployed?.id ?? "").split(":");
  const policyName = textOr(inputs.name, textOr(idName, name));
  forRole(site, resource, inputs.role, (state) => addDocument(state, policyName, inputs.policy));
  return { id: `${text(inputs.role)}:${policyName}`, outputs: { name: policyName } };
};

/** What belongs to a role that is not known may belong to each role of the account. */
function forRole(
  site: Site,
  resource: ResourceInputs,
  named: unknown,
  change: (state: RoleState) => void,
): void {
  const state = roleOf(site, resource, named);
  if (state !== undefined) change(state);
  else site.notes.strayRolePolicies.push(resource.accountId);
}

const managedPolicy: Handler = (site, resource) => {
  const { inputs, accountId, region, name } = resource;
  const prefix = textOr(inputs.namePrefix, `${name}-`);
  const policyName = textOr(inputs.name, `${prefix}${uniqueId(accountId, name).slice(0, 7)}`);
  const path = textOr(inputs.path, "/");
  const arn =
    deployedArn(resource, "iam") ??
    `arn:${partitionOfRegion(region)}:iam::${accountId}:policy${path}${policyName}`;
  if (findUnread(inputs.policy) === undefined)
    site.notes.managedPolicies.set(arn, asDocument(inputs.policy, "identity"));
  return { id: arn, outputs: { arn, name: policyName } };
};

const rolePolicyAttachment: Handler = (site, resource) => {
  const { inputs, name, deployed } = resource;
  forRole(site, resource, inputs.role, (state) => attach(site, state, inputs.policyArn));
  return { id: deployed?.id ?? name, outputs: {} };
};

const policyAttachment: Handler = (site, resource) => {
  const { inputs, name, deployed } = resource;
  const named = inputs.roles instanceof Unread ? [inputs.roles] : listOf(inputs.roles);
  for (const one of named) forRole(site, resource, one, (state) => attach(site, state, inputs.policyArn));
  return { id: deployed?.id ?? name, outputs: {} };
};

export const IAM_RESOURCES: Readonly<Record<string, Handler>> = {
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": rolePolicy,
  "aws:iam/policy:Policy": managedPolicy,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": rolePolicyAttachment,
  "aws:iam/policyAttachment:PolicyAttachment": policyAttachment,
};

/** Managed policies that came after their attachments, and policies of roles that nobody could name. */
export function finishRoles({ snapshot, notes }: Site): void {
  for (const { policyArn, replace } of notes.awaited.splice(0)) {
    const document = notes.managedPolicies.get(policyArn);
    if (document !== undefined) replace(document);
  }
  for (const accountId of notes.strayRolePolicies.splice(0)) {
    for (const state of Object.values(snapshot.accounts[accountId]?.roles ?? {})) {
      addDocument(state, "unread", new Unread("a policy of a role that is not known yet"));
    }
  }
}
