/**
 * What Ref and Fn::GetAtt say of a resource before it is made. Names that CloudFormation generates have their random
 * part made up, the same in every run.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-whatis-concepts.html
 */
import { dnsSuffixOfRegion, parseArn, partitionOfRegion } from "../../naming/arn";
import { accountRegionalSuffix, bucketArnOf, roleArnOf } from "../../naming/names";
import { uniqueId } from "../../naming/uniqueId";
import { findUnread } from "../../resources/values";
import { Unread } from "../../snapshot/unread";
import type { StackSettings } from "./stackSettings";
import type { Value } from "./functions";
import type { TemplateResource } from "./template";

export interface Identity {
  /** What Ref says. */
  readonly ref: Value;
  /** By the attribute's name. */
  readonly attributes: Readonly<Record<string, Value>>;
  /** A name that the template says, and that is not known before the deployment: nobody can tell what refers to it. */
  readonly unknownName?: Unread;
  /** What stands for the thing itself then. */
  readonly madeUp?: Pick<Identity, "ref" | "attributes">;
  /** Whether CloudFormation generates its name or id, so that the one here is made up. */
  readonly isGenerated?: boolean;
  /** The generated name, where an ARN that somebody wrote down looks like it. */
  readonly presumedName?: string;
}

/** A resource whose identity is asked for. */
interface Asked {
  readonly resource: TemplateResource;
  readonly stack: StackSettings;
  readonly partition: string;
  readonly property: (name: string) => Value;
  readonly writtenRoles: readonly string[];
}

/**
 * @param property Evaluates one property: an identity hangs on the naming ones alone.
 * @param writtenRoles Names of roles of the account that templates and parameters write in full.
 */
export function identityOf(
  resource: TemplateResource,
  stack: StackSettings,
  property: (name: string) => Value,
  writtenRoles: readonly string[] = [],
): Identity {
  const identify = Object.hasOwn(IDENTITIES, resource.type) ? IDENTITIES[resource.type] : undefined;
  if (identify === undefined) {
    return { ref: new Unread(`what AWS calls '${resource.logicalId}' (${resource.type})`), attributes: {} };
  }
  const partition = partitionOfRegion(stack.region);
  const identity = identify({ resource, stack, partition, property, writtenRoles });
  const { unknownName, ref, attributes } = identity;
  return unknownName === undefined
    ? identity
    : { ref: unknownName, attributes: {}, unknownName, madeUp: { ref, attributes } };
}

const IDENTITIES: Readonly<Record<string, (asked: Asked) => Identity>> = {
  "AWS::S3::Bucket": (asked) => {
    const { partition, stack } = asked;
    const { name, ...about } = bucketNameOf(asked);
    const suffix = dnsSuffixOfRegion(stack.region);
    return {
      ref: name,
      attributes: {
        Arn: bucketArnOf(partition, name),
        DomainName: `${name}.s3.${suffix}`,
        RegionalDomainName: `${name}.s3.${stack.region}.${suffix}`,
        DualStackDomainName: `${name}.s3.dualstack.${stack.region}.${suffix}`,
      },
      ...about,
    };
  },
  "AWS::KMS::Key": (asked) => keyIdentity(asked, keyIdOf(asked)),
  "AWS::KMS::ReplicaKey": (asked) => keyIdentity(asked, replicaIdOf(asked)),
  "AWS::KMS::Alias": (asked) => ({ ref: asked.property("AliasName"), attributes: {} }),
  "AWS::IAM::Role": (asked) => {
    const { name: said, ...about } = nameOf(asked, "RoleName", 64, generatedInCapitals);
    const presumedName = about.isGenerated ? presumed(asked) : undefined;
    const name = presumedName ?? said;
    const path = textOr(asked.property("Path"), "/");
    return {
      ref: name,
      attributes: { Arn: roleArnOf(asked.partition, asked.stack.accountId, path, name) },
      ...about,
      ...(presumedName === undefined ? {} : { presumedName }),
    };
  },
  "AWS::IAM::ManagedPolicy": (asked) => {
    const { name } = nameOf(asked, "ManagedPolicyName", 128, generatedInCapitals);
    const path = textOr(asked.property("Path"), "/");
    const arn = `arn:${asked.partition}:iam::${asked.stack.accountId}:policy${path}${name}`;
    return { ref: arn, attributes: { PolicyArn: arn } };
  },
  "AWS::IAM::User": (asked) => {
    const { name } = nameOf(asked, "UserName", 64, generatedInCapitals);
    const path = textOr(asked.property("Path"), "/");
    return {
      ref: name,
      attributes: { Arn: `arn:${asked.partition}:iam::${asked.stack.accountId}:user${path}${name}` },
    };
  },
  "AWS::Lambda::Function": (asked) => {
    const { name } = nameOf(asked, "FunctionName", 64, generatedInCapitals);
    return { ref: name, attributes: { Arn: regionalArn(asked, "lambda", `function:${name}`) } };
  },
  "AWS::SNS::Topic": (asked) => {
    const { name } = nameOf(asked, "TopicName", 256, generatedInCapitals);
    const arn = regionalArn(asked, "sns", name);
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
  },
  "AWS::SQS::Queue": (asked) => {
    const { name } = nameOf(asked, "QueueName", 80, generatedInCapitals);
    const { accountId, region } = asked.stack;
    return {
      ref: `https://sqs.${region}.${dnsSuffixOfRegion(region)}/${accountId}/${name}`,
      attributes: { Arn: regionalArn(asked, "sqs", name), QueueName: name },
    };
  },
  "AWS::IAM::Policy": ({ resource }) => ({ ref: resource.logicalId, attributes: {} }),
  "AWS::S3::BucketPolicy": ({ property }) => ({ ref: property("Bucket"), attributes: {} }),
  "AWS::Organizations::Policy": ({ resource, stack }) => {
    const id = `p-${idOf(resource, stack).slice(0, 8)}`;
    return { ref: id, attributes: { Id: id } };
  },
};

function keyIdentity({ stack, partition }: Asked, keyId: string): Identity {
  const arn = `arn:${partition}:kms:${stack.region}:${stack.accountId}:key/${keyId}`;
  return { ref: keyId, attributes: { Arn: arn, KeyId: keyId }, isGenerated: true };
}

/** Ids of multi-Region keys begin with `mrk-`. */
function keyIdOf({ resource, stack, property }: Asked): string {
  const id = idOf(resource, stack);
  return property("MultiRegion") === "true" ? `mrk-${id.replaceAll("-", "")}` : id;
}

/** A replica has the id of its primary key. */
function replicaIdOf(asked: Asked): string {
  const primary = asked.property("PrimaryKeyArn");
  const arn = typeof primary === "string" ? parseArn(primary) : undefined;
  return arn?.resource.startsWith("key/") === true
    ? arn.resource.slice("key/".length)
    : `mrk-${idOf(asked.resource, asked.stack).replaceAll("-", "")}`;
}

function regionalArn(
  { partition, stack: { region, accountId } }: Asked,
  service: string,
  rest: string,
): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
}

/**
 * A bucket may say how its name begins: in an account-regional namespace all of it follows from that.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
 */
function bucketNameOf(asked: Asked): ReturnType<typeof nameOf> {
  const { stack, property } = asked;
  const [prefix, namespace] = [property("BucketNamePrefix"), property("BucketNamespace")];
  if (prefix === undefined) return nameOf(asked, "BucketName", 63, (generated) => generated.toLowerCase());
  const start = textOr(prefix, stack.stackName.toLowerCase());
  const unknownName = findUnread([prefix, namespace]);
  if (namespace === "account-regional" && unknownName === undefined) {
    return { name: start + accountRegionalSuffix(stack.accountId, stack.region), isGenerated: false };
  }
  const name = `${start}-${idOf(asked.resource, stack).replaceAll("-", "").slice(0, 12)}`;
  return unknownName === undefined ? { name, isGenerated: true } : { name, unknownName, isGenerated: false };
}

/** The name that the template says, or the form of those that CloudFormation generates: stack, logical id, random part. */
function nameOf(
  { resource, stack, property }: Asked,
  nameProperty: string,
  longest: number,
  inForm: (generated: string) => string,
): { name: string; unknownName?: Unread; isGenerated: boolean } {
  const said = property(nameProperty);
  if (typeof said === "string" && said !== "") return { name: said, isGenerated: false };
  const random = idOf(resource, stack).replaceAll("-", "").slice(0, 12);
  const parts = `${stack.stackName}-${resource.logicalId}`.slice(0, longest - random.length - 1);
  const name = inForm(`${parts}-${random}`);
  return said instanceof Unread
    ? { name, unknownName: said, isGenerated: false }
    : { name, isGenerated: true };
}

/** `<stack>-<logical id>-<random part>`, the first two cut where they are long. */
const GENERATED = /^(.*)-[A-Za-z0-9]{12,13}$/;
/** Shorter ones are not cut. */
const SHORTEST_CUT = 20;

/** The role's generated name, where exactly one role that somebody wrote down has the form of it. */
function presumed({
  resource: { logicalId },
  stack: { stackName },
  writtenRoles,
}: Asked): string | undefined {
  const isOf = (part: string, whole: string) =>
    part === whole || (part.length >= SHORTEST_CUT && whole.startsWith(part));
  const names = writtenRoles.filter((name) => {
    const beginning = GENERATED.exec(name)?.[1] ?? "";
    return [...beginning.matchAll(/-/g)].some(
      ({ index }) =>
        isOf(beginning.slice(0, index), stackName) && isOf(beginning.slice(index + 1), logicalId),
    );
  });
  return names.length === 1 ? names[0] : undefined;
}

/** Random parts are in capitals, but those of buckets. */
function generatedInCapitals(generated: string): string {
  const dash = generated.lastIndexOf("-");
  return generated.slice(0, dash) + generated.slice(dash).toUpperCase();
}

function idOf({ logicalId }: TemplateResource, { accountId, region, stackName }: StackSettings): string {
  return uniqueId(accountId, region, stackName, logicalId);
}

function textOr(value: Value, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}
