/** What the owners of keys and roles that exist already must add themselves. */
import type { ExistingRole } from "./arguments/arguments";
import { type DestinationTerms, ofDestination, type SourcePlan } from "./plan";
import {
  destinationKeyStatements,
  type RoleGrants,
  roleKeyPolicy,
  roleS3Policy,
  sourceKeyStatement,
  type StatementJson,
  trustPolicy,
} from "./policies";

/** JSON documents by name. */
export type Documents = Record<string, string>;

/**
 * Statements that the key policies of given keys must have, as JSON, by key ARN. A key policy that leaves its key to the
 * IAM policies of the role's own account has what it needs already.
 * @param sourceKeyArns Keys that objects of the source bucket are under and that the component does not make.
 */
export function requiredKeyStatements(
  plan: SourcePlan,
  destinations: readonly DestinationTerms[],
  sourceKeyArns: readonly string[],
): Documents {
  const required = new Map<string, StatementJson[]>();
  const add = (keyArn: string, statement: StatementJson) => {
    const statements = required.get(keyArn) ?? [];
    if (statements.some((other) => sameBut(other, statement))) return;
    const number = statements.length + 1;
    required.set(keyArn, [
      ...statements,
      number === 1 ? statement : { ...statement, Sid: `${statement.Sid}N${number}` },
    ]);
  };
  for (const keyArn of sourceKeyArns) {
    add(keyArn, sourceKeyStatement(plan.roleArn, plan.region, plan.bucketArn));
  }
  for (const rule of plan.rules) {
    if (!rule.enabled || rule.replicaKmsKeyArn === undefined) continue;
    const { accountId, region, bucketArn } = ofDestination(plan, destinations, rule);
    const { accountId: sourceAccountId, roleName, rolePath } = plan;
    const sources = [{ accountId: sourceAccountId, roleName, rolePath }];
    for (const statement of destinationKeyStatements({ accountId, region, bucketArn, sources })) {
      add(rule.replicaKmsKeyArn, statement);
    }
  }
  return Object.fromEntries(
    [...required].map(([keyArn, statements]) => [keyArn, JSON.stringify(statements)]),
  );
}

function sameBut(left: StatementJson, right: StatementJson): boolean {
  return JSON.stringify({ ...left, Sid: "" }) === JSON.stringify({ ...right, Sid: "" });
}

/** Documents that an existing role must have and the component does not put, as JSON: trust, s3 and kms. */
export function requiredRolePolicies(grants: RoleGrants, { putPolicies }: ExistingRole): Documents {
  const trust = JSON.stringify(trustPolicy());
  if (putPolicies === true) return { trust };
  const keyPolicy = roleKeyPolicy(grants);
  return {
    trust,
    s3: JSON.stringify(roleS3Policy(grants)),
    ...(keyPolicy === undefined ? {} : { kms: JSON.stringify(keyPolicy) }),
  };
}
