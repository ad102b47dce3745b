/** A resource of the AWS provider, whichever tool drives it, and the calls to AWS that it comes to. */
import { parseArn } from "../../naming/arn";
import { uniqueId } from "../../naming/uniqueId";
import type { Call, CallOf, Operation, Parameters } from "../../resources/calls";
import type { Place } from "../../snapshot/places";
import { prefixOf, text, textAt } from "./attributes";

export interface ProviderResource {
  /** Terraform's name of the type: `aws_s3_bucket`. */
  readonly type: string;
  /** What the program calls it; names that AWS or the provider would make up are made of it. */
  readonly name: string;
  /** As the tool writes them, in Terraform's or in Pulumi's case. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly accountId: string;
  /** Region of the resource, or of its provider. */
  readonly region: string;
  /** What AWS gave back when the resource was deployed. Left out: it is being made now. */
  readonly deployed?: DeployedResource;
  /** What errors call it. */
  readonly subject: string;
  readonly place?: Place;
  /** Whether its name or id is made up, as only the deployment knows it. Default: false. */
  readonly isNameGenerated?: boolean;
}

export interface DeployedResource {
  readonly id: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The stack only looks at the resource (`Bucket.get`), which others made and configure. */
  readonly external?: boolean;
  /** Made before AWS changed what new buckets get, or nobody knows when. */
  readonly old?: boolean;
}

export interface MappedResource {
  readonly calls: readonly Call[];
  readonly id: string;
  /** What AWS gives back, under Pulumi's names. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

export type Mapper = (resource: ProviderResource) => MappedResource;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A call that a resource comes to. */
export function callOf<O extends Operation>(
  { accountId, region, deployed, subject, place, isNameGenerated }: ProviderResource,
  operation: O,
  parameters: Parameters[O],
): Call {
  const call: Writable<CallOf<O>> = {
    operation,
    parameters,
    account: accountId,
    region,
    known: deployed === undefined ? "planned" : deployed.external === true ? "external" : "deployed",
    subject,
  };
  if (deployed?.old === true) call.old = true;
  if (place !== undefined) call.place = place;
  if (isNameGenerated === true) call.isNameGenerated = true;
  return call as unknown as Call;
}

/** ARN that AWS gave a deployed resource. */
export function deployedArn({ deployed }: ProviderResource, service: string): string | undefined {
  const arn = deployed?.outputs.arn;
  return typeof arn === "string" && parseArn(arn)?.service === service ? arn : undefined;
}

/**
 * A name that the program gives, or that the provider makes of the resource's name.
 * @param allowed The resource's name with only what AWS takes in a name. Default: as it is.
 */
export function nameOf(
  resource: ProviderResource,
  attribute: string,
  prefix = "",
  allowed = (text: string) => text,
): string {
  const { attributes, name, accountId } = resource;
  const said = textAt(attributes, attribute);
  if (said !== "") return said;
  const start = prefixOf(attributes, attribute, `${prefix}${allowed(name)}-`);
  return `${start}${uniqueId(accountId, name).slice(0, 7)}`;
}

/** Id of a deployed resource; the otherwise made-up one. */
export function idOf({ deployed }: ProviderResource, otherwise: string): string {
  return deployed?.id ?? otherwise;
}

/** What a resource that has no say comes to. */
export function nothing({ deployed, name }: ProviderResource): MappedResource {
  return { calls: [], id: deployed?.id ?? name, outputs: {} };
}

/** Result of a resource that sets something on another. */
export function settingOf(target: unknown, calls: readonly Call[]): MappedResource {
  return { calls, id: text(target), outputs: {} };
}
