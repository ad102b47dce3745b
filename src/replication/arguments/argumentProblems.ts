/** Every mistake in plain arguments that needs no AWS to be found, as sentences. */
import { parseArn, partitionOfRegion } from "../../naming/arn";
import { InvalidInputError, show } from "../../input/problems";
import { shapeProblems } from "../../input/schemaProblems";
import { batchProblems } from "./batchProblems";
import { DESTINATION_SHAPE, settings, SOURCE_SHAPE } from "./argumentShapes";
import { grantProblems } from "./grantProblems";
import { inventoryProblems } from "./inventoryProblems";
import { existingBucketProblems, notificationOf, notificationProblems } from "./existingBuckets";
import { monitoringProblems, unwatchedRuleProblems } from "./monitoringProblems";
import { ruleRefusalProblems } from "./ruleRefusals";
import { asObject, listOf } from "../../input/anyValue";
import { accountRegionalSuffix, isAccountRegional, KEY_ARN } from "../../naming/names";

type Problems = string[];

/** Every mistake in the plain arguments of a destination, none when they are right. `path` leads every field name. */
export function destinationProblems(args: unknown, path = ""): string[] {
  const problems = shapeProblems(settings(DESTINATION_SHAPE), args, path);
  const given = asObject(args);
  bucketProblems(given, path, problems);
  problems.push(...grantProblems(listOf(given.sources), path));
  return problems;
}

/** Every mistake in the plain arguments of a source, none when they are right. `path` leads every field name. */
export function sourceProblems(args: unknown, path = ""): string[] {
  const problems = shapeProblems(settings(SOURCE_SHAPE), args, path);
  const given = asObject(args);
  bucketProblems(given, path, problems);
  problems.push(...organizationPathProblems(given, path));
  if (given.existingBucket !== undefined)
    problems.push(...notificationProblems(given, notificationOf(given), path, "existingBucket.notification"));
  additionalKeyProblems(given, path, problems);
  destinationReferenceProblems(asObject(given.destinations), path, problems);
  ruleProblems(given, path, problems);
  problems.push(...monitoringProblems(given, path), ...unwatchedRuleProblems(given, path));
  problems.push(...batchProblems(given, path));
  problems.push(...inventoryProblems(given, path));
  return problems;
}

/** @throws InvalidInputError with all mistakes, before anything is made of the arguments. */
export function assertNoProblems(subject: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new InvalidInputError(subject, problems);
}

function bucketProblems(given: Record<string, unknown>, path: string, problems: Problems): void {
  const encryption = asObject(given.encryption);
  if (encryption.algorithm === "AES256" && encryption.keyArn !== undefined) {
    problems.push(
      `'${path}encryption.keyArn' must be left out with the algorithm 'AES256' (SSE-S3 has no key of yours), got ${show(encryption.keyArn)}; say 'aws:kms' to use the key`,
    );
  }
  if (encryption.algorithm === "AES256" && encryption.bucketKeyEnabled === true) {
    problems.push(
      `'${path}encryption.bucketKeyEnabled' must be left out with the algorithm 'AES256': S3 Bucket Keys are for SSE-KMS, got true`,
    );
  }
  keyPlaceProblems(
    encryption.keyArn,
    given,
    `${path}encryption.keyArn`,
    ["partition", "Region", "account"],
    problems,
  );
  problems.push(...namespaceProblems(given, path));
  problems.push(...existingBucketProblems(given, path));
  const retention = asObject(given.defaultRetention);
  if (given.defaultRetention !== undefined && given.objectLockEnabled !== true) {
    problems.push(
      `'${path}objectLockEnabled' must be true where a defaultRetention is given, got ${show(given.objectLockEnabled)}`,
    );
  }
  if (
    given.defaultRetention !== undefined &&
    (retention.days === undefined) === (retention.years === undefined)
  ) {
    problems.push(
      `'${path}defaultRetention' must have either 'days' or 'years', got ${retention.days === undefined ? "neither" : "both"}`,
    );
  }
}

/** S3 makes a bucket whose name ends in '-an' in the account-regional namespace alone, and no other bucket there. */
function namespaceProblems(given: Record<string, unknown>, path: string): string[] {
  const { bucketName, bucketNamespace, accountId, region, existingBucket } = given;
  if (typeof bucketName !== "string" || typeof accountId !== "string" || typeof region !== "string")
    return [];
  if (existingBucket !== undefined) {
    return bucketNamespace === undefined
      ? []
      : [
          `'${path}bucketNamespace' must be left out for a bucket that exists already, got ${show(bucketNamespace)}`,
        ];
  }
  const suffix = accountRegionalSuffix(accountId, region);
  const isRegional = isAccountRegional(bucketName);
  if ((isRegional || bucketNamespace === "account-regional") && !bucketName.endsWith(suffix)) {
    return [
      `'${path}bucketName' must end in '${suffix}' in the account-regional namespace, which has all names that end in '-an', got ${show(bucketName)}`,
    ];
  }
  return isRegional && bucketNamespace === "global"
    ? [
        `'${path}bucketNamespace' must be 'account-regional' or left out for a bucket name that ends in '-an', got 'global'`,
      ]
    : [];
}

/** A key that is known must be where the bucket is: in its Region, and in its account where that is asked for. */
function keyPlaceProblems(
  keyArn: unknown,
  given: Record<string, unknown>,
  field: string,
  mustBeIn: readonly ("Region" | "partition" | "account")[],
  problems: Problems,
): void {
  if (typeof keyArn !== "string" || !KEY_ARN.test(keyArn)) return;
  const arn = parseArn(keyArn);
  const { region, accountId } = given;
  const places = {
    Region: [region, arn?.region],
    partition: [typeof region === "string" ? partitionOfRegion(region) : undefined, arn?.partition],
    account: [accountId, arn?.accountId],
  } as const;
  for (const place of mustBeIn) {
    const [expected, got] = places[place];
    if (typeof expected !== "string" || expected === got) continue;
    problems.push(
      `'${field}' must be a key in the bucket's ${place}, '${expected}', got a key in '${got}': ${show(keyArn)}`,
    );
    return;
  }
}

/** A place in an organization says which one. */
function organizationPathProblems(
  { organizationId, organizationPath }: Record<string, unknown>,
  path: string,
) {
  if (typeof organizationPath !== "string" || organizationPath.startsWith(`${String(organizationId)}/`))
    return [];
  return [
    `'${path}organizationPath' must begin with the 'organizationId', ${show(organizationId)}, got ${show(organizationPath)}`,
  ];
}

function additionalKeyProblems(given: Record<string, unknown>, path: string, problems: Problems): void {
  listOf(given.additionalSourceKeyArns).forEach((keyArn, index) =>
    keyPlaceProblems(
      keyArn,
      given,
      `${path}additionalSourceKeyArns[${index}]`,
      ["partition", "Region"],
      problems,
    ),
  );
}

function destinationReferenceProblems(
  destinations: Record<string, unknown>,
  path: string,
  problems: Problems,
): void {
  const names = Object.keys(destinations);
  if (names.length === 0) {
    problems.push(
      `'${path}destinations' must name at least one destination, for example {archive: {stack: 'organization/s3-replication/destination'}}, got none`,
    );
  }
  for (const name of names) {
    const reference = asObject(destinations[name]);
    const given = ["stack", "contract"].filter((key) => reference[key] !== undefined);
    if (given.length !== 1) {
      problems.push(
        `'${path}destinations.${name}' must have either 'stack' or 'contract', got ${given.length === 0 ? "neither" : "both"}`,
      );
    }
  }
}

function ruleProblems(given: Record<string, unknown>, path: string, problems: Problems): void {
  if (!Array.isArray(given.rules)) return;
  const rules = given.rules.map(asObject);
  problems.push(...ruleRefusalProblems(rules, `${path}rules`));
  const prioritised = rules.filter((rule) => rule.priority !== undefined).length;
  if (prioritised > 0 && prioritised < rules.length) {
    problems.push(
      `'${path}rules' must all have a 'priority' or none of them, got ${prioritised} of ${rules.length} with one`,
    );
  }
  const destinations = Object.keys(asObject(given.destinations));
  const names = destinations.map((name) => `'${name}'`).join(", ");
  rules.forEach((rule, index) => {
    const field = `${path}rules[${index}].destination`;
    if (rule.destination === undefined && destinations.length > 1) {
      problems.push(
        `'${field}' must be one of ${names}, got nothing: with several destinations every rule names its own`,
      );
    } else if (typeof rule.destination === "string" && !destinations.includes(rule.destination)) {
      problems.push(
        `'${field}' must be one of ${names || "the names in 'destinations'"}, got ${show(rule.destination)}`,
      );
    }
  });
}
