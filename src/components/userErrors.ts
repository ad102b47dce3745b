/** What components say to people: bad arguments as errors that Pulumi shows without a stack trace, and warnings. */
import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../input/problems";

/** Puts names as the language of the program writes them; the schema's are those of TypeScript. */
let inLanguageOfProgram = (message: string): string => message;

/** What stands for the run of a program that the plugin host serves. */
let served: object | undefined;

/** For the plugin host, which serves a program in any language: one process, one run of one program. */
export function speakLanguage(language: (message: string) => string): void {
  inLanguageOfProgram = language;
  served = {};
}

/** What stands for the run of a program: the plugin host has a monitor of its own for each component. */
export function runOfProgram(): object {
  return served ?? pulumi.runtime.getMonitor() ?? {};
}

/** A warning of the program. It names no resource: the SDK logs in order, and one that is never registered would keep errors back. */
export async function warn(message: string): Promise<void> {
  await pulumi.log.warn(inLanguageOfProgram(message));
}

/** The same function with errors that Pulumi shows as sentences, without a stack trace. */
export function readable<T extends unknown[], U>(read: (...values: T) => U): (...values: T) => U {
  return (...values) => {
    try {
      return read(...values);
    } catch (error) {
      throw error instanceof InvalidInputError ? userError(inLanguageOfProgram(error.message)) : error;
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
