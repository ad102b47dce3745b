/** How the calls of one resource are made. */
import type { Operation, Parameters } from "../../resources/calls";
import type { Value } from "./functions";
import type { Identity } from "./identities";
import type { TemplateResource } from "./template";

export type Emit = <O extends Operation>(operation: O, parameters: Parameters[O]) => void;

/** A resource whose calls are made. */
export interface Making {
  readonly resource: TemplateResource;
  readonly properties: { readonly [name: string]: Value };
  /** What stands for the resource in its own calls. */
  readonly identity: Pick<Identity, "ref" | "attributes">;
  /** Whether it is known that the resource is made. */
  readonly isCertain: boolean;
  readonly emit: Emit;
  /** Notes that AWS may get something else than what is emitted, as a sentence. */
  readonly doubt: (why: string) => void;
}

export type CallMaker = (making: Making) => void;
