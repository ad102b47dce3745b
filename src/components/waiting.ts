import * as pulumi from "@pulumi/pulumi";

/**
 * What the resources of a component wait for: its checks, so that a mistake is said once and nothing is made before it is
 * mended, and what the component itself is told to depend on, which Pulumi does not hand down to children.
 */
export function waitingFor(
  dependsOn: pulumi.ComponentResourceOptions["dependsOn"],
  ...checks: pulumi.Output<unknown>[]
): pulumi.Output<pulumi.Resource[]> {
  const given = pulumi.output(dependsOn ?? []) as pulumi.Output<pulumi.Resource | pulumi.Resource[]>;
  return pulumi.all(checks).apply(() => given.apply((resources) => [resources].flat()));
}
