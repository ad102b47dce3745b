/** Adds to a report where its things stand in the user's code, and what mends them in the words of the user's tool. */
import { parseArn } from "../../iam";
import { bucketArnWithin } from "../../naming/names";
import type { Place, Places } from "../../snapshot/places";
import { placeWithin } from "../advice/pointers";
import type { Advice, Missing, ObjectReport, Refusal, Report, UnusedGrant, Where } from "../report/report";
import { inToolWords } from "./toolWords";

/** Nothing is added where nobody knows a place. */
export function withPlaces<R extends Report>(report: R, places: Places): R {
  return {
    ...report,
    objects: report.objects.map((object) => ({
      ...object,
      missing: object.missing.map((missing) => located(missing, placeOfMissing(missing, object, places))),
    })),
    refusals: report.refusals.map((refusal) => located(refusal, placeOfRefusal(refusal, places))),
    findings: report.findings.map((finding) => located(finding, places.of(finding.bucket, "replication"))),
    advice: report.advice.map((advice) => withWords(advice, placeOfAdvice(advice, places), places)),
    unusedGrants: report.unusedGrants.map((grant) => located(grant, placeOfGrant(grant, places))),
    otherGrants: report.otherGrants.map((grant) => located(grant, placeOfGrant(grant, places))),
  };
}

function placeOfRefusal({ bucket, where, resource }: Refusal, places: Places): Place | undefined {
  if (where === undefined || resource === undefined) return places.of(bucket, "replication");
  return placeOfDocument(resource, where, documentSetting(where, ""), places);
}

function placeOfGrant({ resource, where, statement }: UnusedGrant, places: Places): Place | undefined {
  return places.of(resource, documentSetting(where, statement.policy));
}

function located<T extends object>(thing: T, place: Place | undefined): T {
  return place === undefined ? thing : { ...thing, place };
}

function withWords(advice: Advice, place: Place | undefined, places: Places): Advice {
  if (place === undefined) return advice;
  const code = inToolWords(advice, place, places);
  return { ...advice, place, ...(code === undefined ? {} : { code }) };
}

function placeOfMissing(missing: Missing, object: ObjectReport, places: Places): Place | undefined {
  const { where, keys, statements } = missing;
  const owner = ownerOfMissing(missing, object);
  if (owner === undefined) return undefined;
  const named = [...keys].find((key) => places.says(owner, settingOfKey(key)));
  if ((where === "bucket setting" || where === "snapshot") && named !== undefined)
    return places.of(owner, settingOfKey(named));
  return placeOfDocument(owner, where, documentSetting(where, statements[0]?.policy ?? ""), places);
}

function placeOfAdvice(advice: Advice, places: Places): Place | undefined {
  return placeOfDocument(advice.resource, advice.where, settingOf(advice), places);
}

/** Where nothing says which policy of a role is meant, it is the role's only one. */
function placeOfDocument(owner: string, where: Where, setting: string, places: Places): Place | undefined {
  const isUnnamed = where === "role policy" && !places.says(owner, setting);
  return (isUnnamed ? places.only(owner, "policy ") : undefined) ?? places.of(owner, setting);
}

/** ARN of what has the document or setting that something is missing in. */
export function ownerOfMissing({ where, resource }: Missing, object: ObjectReport): string | undefined {
  const role = object.requests.find(({ action }) => action === "sts:AssumeRole")?.resource;
  switch (where) {
    case "role policy":
    case "trust policy":
    case "permission boundary":
    case "session policy":
      return role;
    case "service control policy":
      return parseArn(role ?? "")?.accountId;
    case "rule":
      return object.bucket;
    case "resource control policy":
    case "source bucket policy":
    case "destination bucket policy":
    case "source key policy":
    case "destination key policy":
    case "bucket setting":
    case "key state":
    case "snapshot":
      return bucketArnWithin(resource) ?? resource;
  }
}

function settingOf({ where, change, resource }: Advice): string {
  if (change === undefined) return documentSetting(where, "");
  const [first = ""] = placeWithin(change.path, resource).split("/");
  return first;
}

/** Names of settings as they are noted: `policy`, `replication`; a policy of a role is `policy <its name>`. */
function documentSetting(where: Where, policy: string): string {
  switch (where) {
    case "role policy":
      return `policy ${/'(.*)'/.exec(policy)?.[1] ?? policy}`;
    case "trust policy":
      return "trust";
    case "permission boundary":
      return "boundary";
    case "rule":
      return "replication";
    case "key state":
      return "state";
    case "source bucket policy":
    case "destination bucket policy":
    case "source key policy":
    case "destination key policy":
      return "policy";
    case "session policy":
    case "service control policy":
    case "resource control policy":
    case "bucket setting":
    case "snapshot":
      return "";
  }
}

/** `Versioning` of a message is the setting `versioning`. */
function settingOfKey(key: string): string {
  return key.charAt(0).toLowerCase() + key.slice(1);
}
