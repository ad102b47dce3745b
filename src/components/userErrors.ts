import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../problems";

/** The same function with errors that Pulumi shows as sentences, without a stack trace. */
export function readable<T extends unknown[], U>(read: (...values: T) => U): (...values: T) => U {
  return (...values) => {
    try {
      return read(...values);
    } catch (error) {
      throw error instanceof InvalidInputError ? new pulumi.RunError(error.message) : error;
    }
  };
}
