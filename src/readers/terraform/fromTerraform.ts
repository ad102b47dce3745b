/** Reads Terraform's and OpenTofu's plans and states: the calls to AWS that they come to. */
import { InvalidInputError } from "../../input/problems";
import { listed } from "../../output/counts";
import type { Call } from "../../resources/calls";
import { isKey, needsRegion, RESOURCES } from "../awsProvider/mapping";
import type { ProviderResource } from "../awsProvider/providerResource";
import { Unread } from "../../snapshot/unread";
import type { AccountNames } from "../providerAccounts";
import type { SourceReading } from "../sourceReading";
import { nameFrom } from "./address";
import { lookedUp } from "./lookedUp";
import { PlannedValues } from "./plannedValues";
import { accountsOf, placesOfProviders, providerOf, type ProviderPlace, regionAt } from "./providers";
import { trustsS3 } from "./hiddenBlocks";
import { bucketOf, withoutMirrors } from "./mirrors";
import { opaqueSentences } from "./opaque";
import { refusedAcls } from "./refusedAcls";
import type { TerraformFile, TerraformResource } from "./terraformFile";

/** Taken where a provider gets its Region from its surroundings. */
const SOME_REGION = "us-east-1";

const REMEDY =
  "write its ARNs out of names that are known, complete the plan with '--terraform-directory', or give the state after the apply";

/**
 * @param accounts Accounts of providers that do not say theirs, by the provider's address (`aws.replica`).
 * @throws InvalidInputError where the account of a provider is not known.
 */
export function readTerraform(files: readonly TerraformFile[], accounts: AccountNames): SourceReading[] {
  return files.map((file) => readFile(file, accounts));
}

function readFile(file: TerraformFile, accounts: AccountNames): SourceReading {
  const places = providerPlaces(file, accounts);
  const doubts = new Set(file.doubts);
  const values = plannedValues(file, places, doubts);
  const calls: Call[] = [];
  const resources: SourceReading["stacks"][number]["resources"][number][] = [];
  for (const resource of file.resources) {
    const { address, fate } = resource;
    const accountId = places.get(providerOf(resource))?.accountId;
    if (fate === "gone" || fate === "deferred" || accountId === undefined || !hasSay(resource)) continue;
    for (const call of values.mappedOf(resource)?.calls ?? []) calls.push(call);
    if (!address.isData) resources.push({ type: address.type, name: address.text, accountId });
  }
  for (const doubt of opaqueSentences(file)) doubts.add(doubt);
  const acls = refusedAcls(file, calls, (resource) => values.mappedOf(resource)?.id ?? "");
  for (const doubt of acls.doubts) doubts.add(doubt);
  const assumptions = [
    ...(file.assumptions ?? []),
    ...defaultsOfBuckets(calls, file),
    ...withoutHiddenBlocks(values, calls, file.subject),
    ...acls.assumptions,
  ];
  return {
    subject: file.subject,
    calls: withoutMirrors(acls.calls, file.resources),
    stacks: [{ name: file.file, resources }],
    doubts: [...doubts],
    ...(assumptions.length === 0 ? {} : { assumptions }),
  };
}

/** Buckets that are there already, of which nothing says what S3 has given each new one only since April 2023. */
function defaultsOfBuckets(calls: readonly Call[], { subject }: TerraformFile): string[] {
  const there = calls.filter(
    ({ operation, known }) => operation === "s3:CreateBucket" && known === "deployed",
  );
  if (there.length === 0) return [];
  const owned = bucketsWith(calls, "s3:PutBucketOwnershipControls");
  const blocked = bucketsWith(calls, "s3:PutPublicAccessBlock");
  const unsaid = there.filter((call) => !(owned.has(bucketOf(call)) && blocked.has(bucketOf(call))));
  if (unsaid.length === 0) return [];
  return [
    `${listed(unsaid.map((call) => call.subject))} of ${subject}: where nothing sets object ownership or the block of public access, the bucket is taken to have what S3 gives new buckets since April 2023 (ACLs disabled, public access blocked)`,
  ];
}

/** Blocks that decide, and that a `dynamic` could make: of new roles for S3, and of new buckets that nothing else versions. */
function withoutHiddenBlocks(values: PlannedValues, calls: readonly Call[], subject: string): string[] {
  const versioned = bucketsWith(calls, "s3:PutBucketVersioning");
  const assumed = values.takenAsUnwritten.filter(({ resource, block }) =>
    block === "versioning"
      ? !versioned.has(values.mappedOf(resource)?.id ?? "")
      : block === "inline_policy" && trustsS3(resource),
  );
  return assumed.length === 0
    ? []
    : [
        `${listed(assumed.map(({ resource, block }) => `${block} of ${resource.address.text}`))} in ${subject}: a plan does not show 'dynamic' blocks over what is known only after the apply, and none is taken to stand there`,
      ];
}

/** Names of the buckets that some call of an operation is about. */
function bucketsWith(calls: readonly Call[], operation: Call["operation"]): ReadonlySet<string> {
  return new Set(calls.filter((call) => call.operation === operation).map(bucketOf));
}

/** @throws InvalidInputError where the account of a provider is not known. */
export function providerPlaces(file: TerraformFile, accounts: AccountNames): Map<string, ProviderPlace> {
  const places = placesOfProviders(file, accounts);
  assertAccounts(file, places);
  return places;
}

export function plannedValues(
  file: TerraformFile,
  places: ReadonlyMap<string, ProviderPlace>,
  doubts = new Set<string>(),
): PlannedValues {
  const placing = (resource: TerraformResource, attributes: Readonly<Record<string, unknown>>) =>
    placed(file, resource, attributes, places, doubts);
  const isWhere = (resource: TerraformResource, data: TerraformResource) => {
    const [key, other] = [providerOf(resource), providerOf(data)];
    const [place, looked] = [places.get(key), places.get(other)];
    const isSame = key === other;
    const isKnown = place?.accountId !== undefined && !place.mayBeSeveral && looked?.mayBeSeveral === false;
    if (!isSame && (!isKnown || place.accountId !== looked.accountId)) return false;
    // IAM's things are in no Region.
    if (/^aws_iam_/.test(resource.address.type)) return true;
    const region = regionAt(resource, place);
    return region === regionAt(data, looked) && (isSame || region !== undefined);
  };
  return new PlannedValues(file, placing, isWhere, REMEDY);
}

/** Whether a resource comes to calls, or a data source finds what does. */
export function hasSay({ address }: TerraformResource): boolean {
  return address.isData ? lookedUp(address.type) !== undefined : Object.hasOwn(RESOURCES, address.type);
}

function placed(
  file: TerraformFile,
  resource: TerraformResource,
  attributes: Readonly<Record<string, unknown>>,
  places: ReadonlyMap<string, ProviderPlace>,
  doubts: Set<string>,
): ProviderResource | undefined {
  const { address, fate, values, before } = resource;
  const provider = providerOf(resource);
  const place = places.get(provider);
  if (place?.accountId === undefined) return undefined;
  if (place.mayBeSeveral) {
    doubts.add(
      `the provider '${provider}' in ${file.subject} has a for_each, and a plan does not tell which of its instances, and so which account, a resource is in; give the state after the apply, as 'tofu state pull' prints it`,
    );
  }
  const known = regionAt(resource, place);
  if (known === undefined && needsRegion(address.type)) {
    doubts.add(
      `the Region of the provider '${provider}' in ${file.subject} is not known, and is taken to be ${SOME_REGION}; write 'region' into the provider`,
    );
  }
  const openName = attributes[NAMES[address.type] ?? ""];
  if (openName instanceof Unread) {
    const { why, remedy = "write the name so that the plan shows it" } = openName;
    doubts.add(`${why}, and nobody can tell what policies say of names like it; ${remedy}`);
  }
  const isData = address.isData;
  const id = fate === "planned" ? undefined : (before.id ?? values.id);
  return {
    type: (isData ? lookedUp(address.type) : undefined) ?? address.type,
    name: nameFrom(address),
    attributes,
    accountId: place.accountId,
    region: known ?? SOME_REGION,
    subject: address.text,
    place: { tool: "terraform", address: address.text, file: file.file },
    isNameGenerated: fate === "planned" && hasMadeUpName(resource, attributes),
    ...(fate === "planned"
      ? {}
      : {
          deployed: {
            id: typeof id === "string" ? id : "",
            outputs: { ...before, ...values },
            ...(isData ? { external: true } : {}),
          },
        }),
  };
}

/** Attributes that name what they are of. */
const NAMES: Readonly<Record<string, string>> = { aws_s3_bucket: "bucket", aws_iam_role: "name" };

/** Whether only the apply tells the name or the id of something that is being made. */
function hasMadeUpName(
  { address, isNameMadeUp }: TerraformResource,
  attributes: Readonly<Record<string, unknown>>,
): boolean {
  const name = NAMES[address.type];
  if (name === undefined) return isKey(address.type);
  return isNameMadeUp === true || typeof attributes[name] !== "string";
}

/** @throws InvalidInputError where the account of a provider of something that has a say is not known. */
function assertAccounts(file: TerraformFile, places: ReadonlyMap<string, ProviderPlace>): void {
  const asked = new Set(file.resources.filter(hasSay).map(providerOf));
  const problems = [...asked].flatMap((provider) => {
    const isKnown = places.get(provider)?.accountId !== undefined;
    // A state that does not name its providers may hold more than one account.
    const several = file.kind === "state" ? accountsOf(file, provider) : [];
    if (several.length > 1) {
      return [
        `it holds resources of ${several.join(" and ")}, which it does not tell apart; give what 'terraform state pull' prints instead`,
      ];
    }
    return isKnown
      ? []
      : [
          `the provider '${provider}' does not say its account; give it 'allowed_account_ids', or say '--account ${provider}=<12-digit account id>', or '--account ${file.file}=<12-digit account id>' for this file alone`,
        ];
  });
  if (problems.length > 0) throw new InvalidInputError(file.subject, problems);
}
