/** Why a statement that is there, and was meant to allow, does not count: the mistakes that people make. */
import { type Statement, writtenPolicy } from "../../iam";
import { parseArn } from "../../naming/arn";
import { bucketArnWithin } from "../../naming/names";
import { meantConditionKey } from "../../replication/conditionKeys";
import { viaS3 } from "../../replication/policies";
import { conditionValues, type WrittenStatement } from "../../replication/refusals/documentRow";
import type { PolicyBook } from "../policyBook";
import { actionMatcher, resourceMatcher } from "./matching";

/**
 * @param documents Documents that the missing statement would go into.
 * @param rulePrefix Prefix of the rule that takes the objects. Left out: no rule is about it.
 * @returns A phrase without a subject's article: `statement 'Keys' names an alias, ...`. Undefined: nothing is recognised.
 */
export function whyNot(
  book: PolicyBook,
  documents: readonly unknown[],
  action: string,
  resource: string,
  rulePrefix?: string,
): string | undefined {
  for (const document of documents) {
    if (document === null || document === undefined) continue;
    for (const [index, statement] of book.parse(document, "policy").statements.entries()) {
      const { effect, actions = [], resources = [], conditions, sid } = statement;
      if (effect !== "Allow" || !actions.some((pattern) => actionMatcher(pattern)(action))) continue;
      const name = `statement ${sid === undefined ? index : `'${sid}'`}`;
      const mistake = resources.some((pattern) => resourceMatcher(pattern)(resource))
        ? (wrongRegion(document, index, resource) ?? misspeltKey(conditions))
        : resources
            .map((pattern) => wrongResource(pattern, resource) ?? narrowerThan(rulePrefix, pattern, resource))
            .find((why) => why !== undefined);
      if (mistake !== undefined) return `${name} ${mistake}`;
    }
  }
  return undefined;
}

function wrongResource(pattern: string, resource: string): string | undefined {
  if (/^arn:.*arn:/.test(pattern)) return `names '${pattern}', in which the ARN stands twice`;
  const key = parseArn(resource);
  if (key?.service === "kms" && /:alias\//.test(pattern) && parseArn(pattern)?.region === key.region) {
    return `names the alias '${pattern}': policies name keys by their key ARN, and an alias stands for none`;
  }
  const bucket = bucketArnWithin(resource);
  if (bucket === undefined || !resource.startsWith(`${bucket}/`)) return undefined;
  if (pattern === bucket) return `names the bucket '${pattern}', and not the objects in it ('${bucket}/*')`;
  const rest = pattern.startsWith(bucket) ? pattern.slice(bucket.length) : "/";
  if (!rest.startsWith("/")) {
    return `names '${pattern}', in which no slash stands between the bucket and the objects in it`;
  }
  const isWithoutEnd = pattern.startsWith(`${bucket}/`) && !/[*?]$/.test(pattern);
  return isWithoutEnd && resource.startsWith(pattern)
    ? `names the one object '${pattern}', and not those that begin with it ('${pattern}*')`
    : undefined;
}

/** A grant for some of the objects that the rule takes: either of the two may be what is meant. */
function narrowerThan(rulePrefix: string | undefined, pattern: string, resource: string): string | undefined {
  const bucket = bucketArnWithin(resource);
  if (rulePrefix === undefined || bucket === undefined || !pattern.startsWith(`${bucket}/`)) return undefined;
  const [prefix = "", ...rest] = pattern.slice(bucket.length + 1).split("*");
  const isPrefix = rest.length === 1 && rest[0] === "" && !/[?$]/.test(prefix);
  return isPrefix && prefix.length > rulePrefix.length && prefix.startsWith(rulePrefix)
    ? `grants it for keys that begin with '${prefix}' only: where no more is meant, give the rule that prefix instead`
    : undefined;
}

function misspeltKey(conditions: Statement["conditions"]): string | undefined {
  for (const { key } of conditions) {
    const meant = meantConditionKey(key);
    if (meant !== undefined)
      return `asks for '${key}', which is no condition key that is known: '${meant}' is nearly called so`;
  }
  return undefined;
}

/** S3 uses a key through its endpoint in the key's Region. */
function wrongRegion(document: unknown, index: number, resource: string): string | undefined {
  const key = parseArn(resource);
  if (key?.service !== "kms") return undefined;
  const statement = [writtenPolicy(document)?.Statement].flat()[index] as WrittenStatement;
  const values = conditionValues(statement)
    .filter(({ key: name }) => name.toLowerCase() === "kms:viaservice")
    .map(({ value }) => value);
  const wanted = viaS3(key.region);
  return values.length > 0 && !values.some((value) => resourceMatcher(value)(wanted))
    ? `asks for kms:ViaService '${values.join("', '")}', and the key is used through '${wanted}'`
    : undefined;
}
