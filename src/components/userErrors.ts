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
 * An error whose message and stack stay as they are. The SDK would write the name of each waiting property in front of the
 * message, on the one error object by which it recognises repetitions. The stack is left out: nobody is shown it, and
 * Node.js 20 takes half a minute to colour one with source maps.
 */
function userError(message: string): pulumi.RunError {
  return Object.defineProperties(new pulumi.RunError(message), {
    message: { get: () => message, set: () => undefined },
    stack: { value: undefined },
  });
}
