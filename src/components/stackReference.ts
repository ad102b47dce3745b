/** References to other stacks, with a sentence of advice for one that is not there. */
import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../input/problems";
import { readable } from "./userErrors";

/** How a stack's name is made, and where it can be looked up. */
const NAMES =
  "'<organization>/<project>/<stack>', where the first part is 'organization' in a self-managed backend and the name of your organization or user in Pulumi Cloud ('pulumi stack ls --all' lists the stacks)";

/**
 * Reads another stack. The engine would end the program at once for a stack that is not there, with no more than its
 * name, so it is first asked for the outputs, which a program can see fail.
 *
 * @param subject Whose stack it is, for the error: `ReplicationSource 'data'`.
 */
export async function stackReference(
  subject: string,
  name: string,
  stack: string,
  parent?: pulumi.Resource,
): Promise<pulumi.StackReference> {
  const refused = readable((error: Error): never => {
    const cause = error.message.replace(/^.*returned an error: /s, "");
    throw new InvalidInputError(subject, [
      `stack '${stack}' must be there to be read: ${cause}; deploy that stack first, or correct its name, which is ${NAMES}`,
    ]);
  });
  await outputsOfStack(stack).catch(refused);
  return new pulumi.StackReference(name, { name: stack }, parent === undefined ? {} : { parent });
}

/**
 * The outputs that a stack had when it was deployed last, secrets as plain values. Only asks: nothing of it comes into
 * this stack's state.
 */
export async function outputsOfStack(stack: string): Promise<Record<string, unknown>> {
  const answer = (await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name: stack })) as {
    outputs?: Record<string, unknown>;
  };
  return answer.outputs ?? {};
}
