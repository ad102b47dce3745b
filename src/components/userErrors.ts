import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../problems";

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
 * error object that it recognises repetitions by: this message stays as it is.
 */
function userError(message: string): pulumi.RunError {
  return Object.defineProperty(new pulumi.RunError(message), "message", {
    get: () => message,
    set: () => undefined,
  });
}
