/** Bad arguments as errors that Pulumi shows without a stack trace. */
import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../input/problems";

/** The same function with errors that Pulumi shows as sentences, without a stack trace. */
export function readable<T extends unknown[], U>(read: (...values: T) => U): (...values: T) => U {
  return (...values) => {
    try {
      return read(...values);
    } catch (error) {
      throw error instanceof InvalidInputError ? userError(error.message) : error;
    }
  };
}

/**
 * The SDK writes the name of every property that waits for a failed Output in front of the error's message, on the one
 * error object that it recognises repetitions by: this message stays as it is. And it has no stack: nobody is shown it,
 * and Node.js 20 takes half a minute to colour one that source maps have been applied to.
 */
function userError(message: string): pulumi.RunError {
  return Object.defineProperties(new pulumi.RunError(message), {
    message: { get: () => message, set: () => undefined },
    stack: { value: undefined },
  });
}
