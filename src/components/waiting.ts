import * as pulumi from "@pulumi/pulumi";

/**
 * What the resources of a component wait for: its check, so that a mistake is said once and nothing is made before it is
 * mended, and what the component itself is told to depend on, which Pulumi does not hand down to children.
 */
export function waitingFor(
  dependsOn: pulumi.ComponentResourceOptions["dependsOn"],
  check: pulumi.Output<unknown>,
): pulumi.Output<pulumi.Resource[]> {
  if (dependsOn === undefined) return check.apply(() => []);
  const given = pulumi.output(dependsOn) as pulumi.Output<pulumi.Resource | pulumi.Resource[]>;
  return check.apply(() => given.apply((resources) => [resources].flat()));
}

/**
 * What a resource waits for: what its whole component waits for, and other resources. The SDK takes an Output of resources
 * among resources, which its types do not say. Given with the resources in it, that Output would be copied for every
 * resource together with all that those hold, a tenth of the time of a whole program.
 */
export function after(
  waiting: pulumi.Output<pulumi.Resource[]>,
  ...resources: pulumi.Resource[]
): pulumi.Input<pulumi.Resource>[] {
  return [waiting as unknown as pulumi.Resource, ...resources];
}
