/** Every single removal and change in a statement. */
import { type Cause, type ConditionJson, listOf, type StatementJson, withValue } from "./mutation";

export interface StatementMutation {
  readonly kind: string;
  readonly name: string;
  /** Undefined: the statement is gone. */
  readonly after: StatementJson | undefined;
  readonly cause: Omit<Cause, "where">;
  readonly part?: string;
}

/** What people write instead. */
const NEIGHBOURS: Readonly<Record<string, string>> = {
  "sts:AssumeRole": "sts:TagSession",
  "s3:GetReplicationConfiguration": "s3:PutReplicationConfiguration",
  "s3:ListBucket": "s3:ListBucketVersions",
  "s3:GetObjectVersionForReplication": "s3:GetObjectVersion",
  "s3:GetObjectVersionAcl": "s3:GetObjectAcl",
  "s3:GetObjectVersionTagging": "s3:GetObjectTagging",
  "s3:GetObjectRetention": "s3:PutObjectRetention",
  "s3:GetObjectLegalHold": "s3:PutObjectLegalHold",
  "s3:ReplicateObject": "s3:PutObject",
  "s3:ReplicateTags": "s3:PutObjectTagging",
  "s3:GetObjectVersionAnnotationForReplication": "s3:GetObjectAnnotation",
  "s3:ReplicateDelete": "s3:DeleteObject",
  "s3:ObjectOwnerOverrideToBucketOwner": "s3:PutObjectAcl",
  "s3:InitiateReplication": "s3:ReplicateObject",
  "s3:PutInventoryConfiguration": "s3:GetInventoryConfiguration",
  "s3:PutObject": "s3:PutObjectAcl",
  "s3:*": "s3:List*",
  "kms:Encrypt": "kms:ReEncryptTo",
  "kms:Decrypt": "kms:DescribeKey",
  "kms:GenerateDataKey": "kms:GenerateDataKeyWithoutPlaintext",
  "kms:*": "kms:Describe*",
};

const NEGATIONS: Readonly<Record<string, string>> = {
  StringEquals: "StringNotEquals",
  StringLike: "StringNotLike",
  ArnEquals: "ArnNotEquals",
  ArnLike: "ArnNotLike",
  "ForAnyValue:StringLike": "ForAnyValue:StringNotLike",
  // It holds where the key is there, which a Deny of insecure transport must not.
  Bool: "Null",
};

const OTHER_KEYS: Readonly<Record<string, string>> = {
  "kms:ViaService": "kms:GrantIsForAWSResource",
  "kms:EncryptionContext:aws:s3:arn": "kms:EncryptionContext:arn:aws:arn",
  "kms:CallerAccount": "aws:SourceAccount",
  "aws:PrincipalArn": "aws:SourceArn",
  "aws:PrincipalOrgID": "aws:SourceOrgID",
  "aws:PrincipalOrgPaths": "aws:SourceOrgPaths",
  "aws:SecureTransport": "aws:ViaAWSService",
  "aws:SourceArn": "aws:PrincipalArn",
  "aws:SourceAccount": "aws:PrincipalAccount",
  "s3:x-amz-acl": "s3:x-amz-grant-full-control",
};

/** Of the two services that replicate, the other one. */
const OTHER_SERVICES: Readonly<Record<string, string>> = {
  "batchoperations.s3.amazonaws.com": "s3.amazonaws.com",
};

/** @throws Error for what an example has and no table here knows: it would not be mutated in silence. */
function known(table: Readonly<Record<string, string>>, name: string): string {
  const found = table[name];
  if (found === undefined) throw new Error(`nothing is known to write instead of '${name}'`);
  return found;
}

export function* mutationsOfStatement(statement: StatementJson, index: number): Generator<StatementMutation> {
  const isAllow = statement.Effect === "Allow";
  const cause = (more: Omit<Cause, "where"> = {}): Omit<Cause, "where"> =>
    isAllow ? { actions: listOf(statement.Action), ...more } : { deny: index };
  yield { kind: "statement removed", name: "the statement", after: undefined, cause: cause() };
  yield {
    kind: "Effect flipped",
    name: isAllow ? "Deny instead of Allow" : "Allow instead of Deny",
    after: { ...statement, Effect: isAllow ? "Deny" : "Allow" },
    cause: isAllow ? { deny: index } : { keys: ["RestrictPublicBuckets"] },
  };
  for (const action of listOf(statement.Action)) {
    yield* inList(
      statement,
      "action",
      "Action",
      action,
      known(NEIGHBOURS, action),
      cause({ actions: [action] }),
    );
  }
  for (const resource of listOf(statement.Resource)) {
    // In a key policy `*` is the key, and no other resource narrows it.
    const ofBucket = /^(arn:[^:]+:s3:::[^/]+)(.*)$/.exec(resource);
    const narrower =
      ofBucket === null
        ? `${resource.replace(/^\*$/, "arn:aws:kms:*:*:key/")}0`
        : `${ofBucket[1]}-0${ofBucket[2]}`;
    // A policy variable stands for some text of whoever asks.
    const about = cause({ resource: resource.replaceAll(/\$\{[^}]*\}/g, "*") });
    yield* inList(statement, "resource", "Resource", resource, narrower, about);
    if (resource.endsWith("/*")) {
      const prefixed = `${resource.slice(0, -1)}narrower/*`;
      yield* changed(statement, "resource", "Resource", resource, prefixed, about);
    }
  }
  yield* mutationsOfPrincipal(statement, cause());
  yield* mutationsOfCondition(statement, cause);
}

/** One item of a list removed, or another in its place. */
function* inList(
  statement: StatementJson,
  what: string,
  element: "Action" | "Resource",
  item: string,
  other: string,
  cause: StatementMutation["cause"],
): Generator<StatementMutation> {
  const items = listOf(statement[element]);
  if (items.length > 1) {
    yield {
      kind: `${what} removed`,
      name: `without ${item}`,
      after: { ...statement, [element]: items.filter((each) => each !== item) },
      cause,
      part: item,
    };
  }
  yield* changed(statement, what, element, item, other, cause);
}

function* changed(
  statement: StatementJson,
  what: string,
  element: "Action" | "Resource",
  item: string,
  other: string,
  cause: StatementMutation["cause"],
): Generator<StatementMutation> {
  yield {
    kind: `${what} changed`,
    name: `${other} for ${item}`,
    after: {
      ...statement,
      [element]: listOf(statement[element]).map((each) => (each === item ? other : each)),
    },
    cause,
    part: item,
  };
}

function* mutationsOfPrincipal(
  statement: StatementJson,
  cause: StatementMutation["cause"],
): Generator<StatementMutation> {
  const { Principal: principal } = statement;
  if (principal === undefined) return;
  const to = (name: string, value: StatementJson["Principal"]): StatementMutation => ({
    kind: "principal changed",
    name,
    after: withValue(statement, ["Principal"], value),
    cause,
  });
  if (principal === "*") {
    yield to("an account for *", { AWS: "arn:aws:iam::999999999999:root" });
    return;
  }
  for (const [kind, names] of Object.entries(principal)) {
    for (const name of listOf(names)) {
      const rest = listOf(names).filter((each) => each !== name);
      if (rest.length > 0)
        yield { ...to(`without ${name}`, { ...principal, [kind]: rest }), kind: "principal removed" };
      const others =
        kind === "Service"
          ? [OTHER_SERVICES[name] ?? "batchoperations.s3.amazonaws.com", "ec2.amazonaws.com"]
          : ["arn:aws:iam::999999999999:root", name.replace(/:root$/, ":role/somebody")];
      for (const other of others.filter((each) => each !== name))
        yield to(`${other} for ${name}`, { ...principal, [kind]: [...rest, other] });
    }
  }
}

function* mutationsOfCondition(
  statement: StatementJson,
  cause: (more?: Omit<Cause, "where">) => Omit<Cause, "where">,
): Generator<StatementMutation> {
  const condition = statement.Condition ?? {};
  const to = (
    kind: string,
    name: string,
    after: ConditionJson,
    part: string,
    ...keys: string[]
  ): StatementMutation => ({
    kind,
    name,
    after: withValue(statement, ["Condition"], Object.keys(after).length === 0 ? undefined : after),
    cause: cause(keys.length === 0 ? {} : { keys }),
    part,
  });
  for (const [operator, tests] of Object.entries(condition)) {
    const keys = Object.keys(tests);
    const [firstKey = ""] = keys;
    yield to(
      "condition removed",
      `without ${operator}`,
      withValue(condition, [operator], undefined),
      firstKey,
    );
    const negated = known(NEGATIONS, operator);
    const flipped = { ...withValue(condition, [operator], undefined), [negated]: tests };
    // Everybody but one organization is the public, which the block of public access cuts off.
    const isPublic = keys.includes("aws:PrincipalOrgID") ? ["RestrictPublicBuckets"] : [];
    yield to("operator negated", `${negated} for ${operator}`, flipped, firstKey, ...keys, ...isPublic);
    for (const [key, values] of Object.entries(tests)) {
      const rest = withValue(tests, [key], undefined);
      if (keys.length > 1) {
        yield to("condition removed", `without ${key}`, withValue(condition, [operator], rest), key);
      }
      const otherKey = known(OTHER_KEYS, key);
      const renamed = withValue(condition, [operator], { ...rest, [otherKey]: values });
      yield to("condition key changed", `${otherKey} for ${key}`, renamed, key, otherKey);
      for (const value of listOf(values)) {
        const others = listOf(values).filter((each) => each !== value);
        const set = (after: readonly string[]) => withValue(condition, [operator, key], after);
        if (others.length > 0) yield to("value removed", `${key} without ${value}`, set(others), key, key);
        for (const other of otherValues(key, value)) {
          yield to("value changed", `${key} ${other} for ${value}`, set([...others, other]), key, key);
        }
      }
    }
  }
}

function otherValues(key: string, value: string): string[] {
  switch (key) {
    case "kms:ViaService":
      return [value.replace(/^s3\./, "dynamodb."), value.replace(/\.[a-z]+-[a-z]+-\d\./, ".af-south-1.")];
    case "kms:EncryptionContext:aws:s3:arn":
      return [
        value.replace(/^(arn:[^:]+:s3:::[^/]+)/, "$1-0"),
        ...(value.endsWith("/*") ? [`${value.slice(0, -1)}narrower/*`] : []),
      ];
    case "aws:SecureTransport":
      return [value === "false" ? "true" : "false"];
    default:
      return [value.includes(":role/") ? value.replace(":role/", ":role/service-role/") : "999999999999"];
  }
}
