/** The rule 'replication-role-trust'. */
import { nist, tags } from "../frameworks";
import { eachAllow } from "../judging";
import { Principal } from "../resources/policyDocument";
import { Resource } from "../resources/resource";
import { replicationRoles } from "../resources/roles";
import { stackRule } from "../rule";

const S3 = "s3.amazonaws.com";

export const replicationRoleTrust = stackRule(
  {
    name: "replication-role-trust",
    displayName: "Only S3 assumes a replication role",
    description:
      "The role of a replication configuration is made in the same stack and trusts S3 and nobody else.",
    severity: "high",
    framework: nist("AC-6", "Least Privilege"),
    tags: tags({ nist: ["AC-2", "AC-3", "AC-6"] }),
    remediationSteps:
      "Write assumeRolePolicy with one statement: Allow, Principal { Service: 's3.amazonaws.com' }, Action 'sts:AssumeRole'. Give Batch Replication a role of its own.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html",
    settings: {
      additionalServices: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: "Services that a replication role may trust besides s3.amazonaws.com.",
      },
    },
  },
  (stack, findings, config) => {
    const services = new Set([S3, ...config.strings("additionalServices")]);
    const { roles, unplaced } = replicationRoles(stack);
    for (const { replication, unknown } of unplaced) {
      const { resource, role } = replication;
      if (unknown) findings.notYet(resource, unknown);
      else {
        findings.violation(
          resource,
          `'${role.path}' of '${resource.name}' must be a role of this stack, so that its trust and its permissions can be judged, ` +
            `got a role that this stack does not make. Write role: <an aws.iam.Role of this program>.arn, or put '${resource.name}' into this rule's 'exempt'.`,
        );
      }
    }
    for (const { role } of roles) {
      findings.guard(role, () => {
        const trust = role.prop("assumeRolePolicy");
        if (trust.isMissing) findings.unreadable(role, "assumeRolePolicy", "nothing");
        eachAllow(role, trust, findings, (statement) => {
          for (const principal of statement.principals) judge(role, `${statement.path}.Principal`, principal);
          if (statement.principals.length === 0)
            judge(role, `${statement.path}.Principal`, { kind: "everyone" });
        });
      });
    }

    function judge(role: Resource, path: string, principal: Principal): void {
      if (principal.kind === "service" && services.has(principal.service)) return;
      if (principal.kind === "unknown") return findings.notYet(role, principal.unknown);
      if (principal.kind === "unreadable")
        return findings.unreadable(role, path, "a principal of no known form");
      findings.violation(
        role,
        `'${path}' of '${role.name}' must be { Service: "${S3}" }, got ${KINDS[principal.kind]}. ` +
          `Write Principal: { Service: "${S3}" }.`,
      );
    }
  },
);

const KINDS: Record<Exclude<Principal["kind"], "unknown" | "unreadable">, string> = {
  everyone: "everyone",
  account: "an AWS account",
  identity: "a role or user",
  service: "another service",
  federated: "an identity provider",
};
