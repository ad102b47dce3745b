/** Actions on resources as one IAM policy: statements that allow nothing else. */
import { allow, policy, type PolicyJson, viaS3 } from "../replication/policies";
import { grouped, unique } from "../util/grouping";

/** Something that a caller has to be allowed. */
export interface Need {
  readonly action: string;
  /** ARN, or `*` for an action that takes no resource. */
  readonly resource: string;
  /** Region of the S3 that a key is used through; left out: it is asked for directly. */
  readonly viaS3In?: string;
}

/** A statement for each set of resources, with the actions that are needed on just these, in the order of the needs. */
export function policyOf(needs: readonly Need[]): PolicyJson {
  const ofActions = grouped(needs, ({ action, viaS3In }) => `${action} ${viaS3In ?? ""}`);
  const grants = [...ofActions].map(([, same]) => {
    const resources = unique(same.map(({ resource }) => resource)).sort();
    return { ...(same[0] as Need), resources: resources.includes("*") ? ["*"] : resources };
  });
  const statements = grouped(grants, ({ resources, viaS3In }) => `${viaS3In ?? ""} ${resources.join(" ")}`);
  return policy(
    [...statements.values()].map((same, index) => {
      const { resources, viaS3In } = same[0] as (typeof grants)[number];
      const actions = same.map(({ action }) => action).sort();
      const condition = viaS3In && { Condition: { StringEquals: { "kms:ViaService": viaS3(viaS3In) } } };
      return { ...allow(`Allow${index + 1}`, actions, resources), ...condition };
    }),
  );
}
