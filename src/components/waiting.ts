/** What the resources of a component wait for. */
import * as pulumi from "@pulumi/pulumi";

/** What a resource waits for before it is registered: resources, or a promise of some. */
export type Waiting = pulumi.Input<pulumi.Resource>[];

/**
 * Resources of a component wait for two things. They wait for its check, so that a mistake is said once and nothing is made
 * before it is mended. They wait for what the component depends on, which Pulumi does not hand down to children. The check
 * is a promise here, because an Output would be read anew for every resource.
 */
export function waitingFor(
  dependsOn: pulumi.ComponentResourceOptions["dependsOn"],
  check: pulumi.Output<unknown>,
): Waiting {
  // `isSecret` settles and fails with the Output. It is the only promise of an Output in the SDK's types.
  const settled = pulumi.isSecret(check).then((): pulumi.Resource[] => []);
  // The SDK takes lists among resources, and Outputs and promises of lists, which its types do not say.
  return [settled, dependsOn ?? []] as unknown as Waiting;
}
