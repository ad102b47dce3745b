/** The replication role as IAM says it: its trust, all its policies, and its permissions boundary. */
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from "@aws-sdk/client-iam";
import type { AwsAccount } from "../../aws/account";
import { accountOf, type RoleState, type Snapshot } from "../../snapshot/snapshot";
import { type DocumentKind, markUnread, Unread, unreadPolicy } from "../../snapshot/unread";
import { allOf, type Questions } from "../../aws/questions";
import { tagsOf } from "./tags";

/** Puts the role into the snapshot; one of the same name at another path, where that is what there is. */
export async function readRole(
  questions: Questions,
  account: AwsAccount,
  roleArn: string,
  snapshot: Snapshot,
): Promise<void> {
  const iam = await account.iam();
  const RoleName = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  const answer = await questions.ask({ account, action: "iam:GetRole", resource: roleArn }, (options) =>
    iam.send(new GetRoleCommand({ RoleName }), options),
  );
  const found = answer instanceof Unread ? answer : answer?.Role;
  const arn = found instanceof Unread ? roleArn : found?.Arn;
  if (arn !== roleArn) (snapshot.absent ??= []).push(roleArn);
  if (arn === undefined) return;

  const role: RoleState = { trust: unreadPolicy("trust", "a trust policy that was not read"), policies: [] };
  const documents = new RoleDocuments(questions, account, role, arn);
  if (found instanceof Unread) {
    markUnread(role, "trust");
    markUnread(role, "boundary");
    role.boundary = unreadPolicy("identity", "a permissions boundary that was not read");
  } else {
    role.trust = decoded(found?.AssumeRolePolicyDocument);
    role.tags = tagsOf(found?.Tags);
    const boundary = found?.PermissionsBoundary?.PermissionsBoundaryArn;
    role.boundary = boundary === undefined ? null : await documents.managed(boundary, "boundary");
  }
  await documents.addAll(RoleName);
  accountOf(snapshot, account.id).roles[arn] = role;
}

/** The policies of one role: its own first, then those that are attached to it. */
class RoleDocuments {
  constructor(
    private readonly questions: Questions,
    private readonly account: AwsAccount,
    private readonly role: RoleState,
    private readonly arn: string,
  ) {}

  async addAll(RoleName: string): Promise<void> {
    const client = await this.account.iam();
    const [names, attached] = await Promise.all([
      this.ask("iam:ListRolePolicies", (options) =>
        allOf(paginateListRolePolicies({ client }, { RoleName }, options), (page) => page.PolicyNames),
      ),
      this.ask("iam:ListAttachedRolePolicies", (options) =>
        allOf(
          paginateListAttachedRolePolicies({ client }, { RoleName }, options),
          (page) => page.AttachedPolicies,
        ),
      ),
    ]);
    const inline = await Promise.all(
      (this.listed(names) ?? []).map(async (PolicyName) => ({
        name: PolicyName,
        document: await this.document(`policy ${PolicyName}`, "identity", async () => {
          const answer = await this.ask("iam:GetRolePolicy", (options) =>
            client.send(new GetRolePolicyCommand({ RoleName, PolicyName }), options),
          );
          return answer instanceof Unread ? answer : answer?.PolicyDocument;
        }),
      })),
    );
    const managed = await Promise.all(
      (this.listed(attached) ?? []).map(async ({ PolicyArn = "", PolicyName = PolicyArn }) => ({
        name: PolicyName,
        document: await this.managed(PolicyArn, `policy ${PolicyName}`),
      })),
    );
    for (const { name, document } of [...inline, ...managed]) this.put(name, document);
  }

  /** The version in force of a managed policy. */
  managed(arn: string, what: string): Promise<unknown> {
    return this.document(what, "identity", async () => {
      const client = await this.account.iam();
      const policy = await this.ask(
        "iam:GetPolicy",
        (options) => client.send(new GetPolicyCommand({ PolicyArn: arn }), options),
        arn,
      );
      const VersionId = policy instanceof Unread ? undefined : policy?.Policy?.DefaultVersionId;
      if (VersionId === undefined) return new Unread(`${arn} was not read`);
      const version = await this.ask(
        "iam:GetPolicyVersion",
        (options) => client.send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId }), options),
        arn,
      );
      return version instanceof Unread ? version : version?.PolicyVersion?.Document;
    });
  }

  private put(name: string, document: unknown): void {
    this.role.policies.push(document);
    (this.role.policyNames ??= []).push(name);
  }

  /** Names on a list; a list that nobody could read stands for a policy that may say anything. */
  private listed<T>(names: readonly T[] | undefined | Unread): readonly T[] | undefined {
    if (!(names instanceof Unread)) return names;
    if (this.role.unread?.includes("policies") !== true) {
      markUnread(this.role, "policies");
      this.put("unread", unreadPolicy("identity", "policies of the role that were not read"));
    }
    return undefined;
  }

  private async document(
    what: string,
    kind: DocumentKind,
    read: () => Promise<string | undefined | Unread>,
  ): Promise<unknown> {
    const text = await read();
    if (text !== undefined && !(text instanceof Unread)) return decoded(text);
    markUnread(this.role, what);
    return unreadPolicy(kind, `${what} of the role that was not read`);
  }

  private ask<T>(
    action: string,
    send: Parameters<typeof this.questions.ask<T>>[1],
    resource = this.arn,
  ): Promise<T | undefined | Unread> {
    return this.questions.ask({ account: this.account, action, resource }, send);
  }
}

/** IAM writes its documents as they stand in a URL. */
function decoded(document: string | undefined): unknown {
  return JSON.parse(decodeURIComponent(document ?? "{}"));
}
