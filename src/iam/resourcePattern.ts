/**
 * Patterns of Resource elements. AWS contradicts itself about a `*` that ends a segment: the page on the Resource element
 * says that it can match beyond the colon, the page on resources of S3 that a wildcard cannot reach over segments. A
 * pattern that matches on the first reading only is undecided.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html
 */
import { compileParts, resolve, segmentCount, testArnPattern } from "./pattern";
import type { Lookup, Pattern, PatternPart } from "./pattern";
import { undecided } from "./truth";
import type { Truth } from "./truth";

/** An ARN has six segments; the last one takes all further colons. */
const SEGMENTS = 6;

/** What an undecided match hangs on, as documents write it. */
const RESOURCE = "Resource";

const looseOf = new WeakMap<Pattern, readonly Pattern[]>();

/** Whether the ARN of a resource matches a pattern of Resource or NotResource. */
export function testResourcePattern(pattern: Pattern, arn: string, lookup: Lookup): Truth {
  const strict = testArnPattern(pattern, arn, lookup);
  if (strict !== false) return strict;
  const isLoose = loosePatterns(pattern, lookup).some((loose) => testArnPattern(loose, arn, lookup) === true);
  return isLoose ? undecided(RESOURCE) : false;
}

function loosePatterns(pattern: Pattern, lookup: Lookup): readonly Pattern[] {
  if (pattern.literal !== undefined || pattern.segments?.length === SEGMENTS) return [];
  if (pattern.segments === undefined) {
    if (isWhole(pattern)) return [];
    const resolved = resolve(pattern, lookup);
    if (resolved === undefined || resolved.unknownKeys.length > 0) return [];
    return looseForms(resolved.parts).map((parts) => compileParts(parts));
  }
  let loose = looseOf.get(pattern);
  if (loose === undefined) {
    loose = looseForms(pattern.parts).map((parts) => compileParts(parts));
    looseOf.set(pattern, loose);
  }
  return loose;
}

const wholeOf = new WeakMap<Pattern, boolean>();

/** Whether a pattern with policy variables has six segments, whatever their values are. */
function isWhole(pattern: Pattern): boolean {
  let whole = wholeOf.get(pattern);
  if (whole === undefined) {
    whole = segmentCount(pattern) === SEGMENTS;
    wholeOf.set(pattern, whole);
  }
  return whole;
}

/**
 * The patterns of more segments that a pattern of less than six stands for where a `*` takes whole segments in: each `*`
 * that ends a segment becomes `*:*`, as often as an ARN has segments to take.
 *
 * @example
 * looseForms(parsePattern("arn:aws:s3:*:acme/*")); // the parts of "arn:aws:s3:*:*:acme/*"
 */
export function looseForms(parts: readonly PatternPart[]): readonly (readonly PatternPart[])[] {
  const segments = segmentsOf(parts);
  const spare = SEGMENTS - segments.length;
  const places = segments
    .slice(0, -1)
    .flatMap((segment, index) => (segment.at(-1)?.kind === "any" ? [index] : []));
  let forms: { readonly parts: readonly PatternPart[]; readonly taken: number }[] = [{ parts: [], taken: 0 }];
  segments.forEach((segment, index) => {
    const most = places.includes(index) ? spare : 0;
    forms = forms.flatMap((form) =>
      Array.from({ length: most - (most === 0 ? 0 : form.taken) + 1 }, (_, taken) => ({
        parts: [
          ...form.parts,
          ...(index === 0 ? [] : [COLON]),
          ...segment,
          ...Array.from({ length: taken }, () => [COLON, STAR]).flat(),
        ],
        taken: form.taken + taken,
      })),
    );
  });
  return forms.filter(({ taken }) => taken > 0).map((form) => form.parts);
}

const COLON: PatternPart = { kind: "text", text: ":" };
const STAR: PatternPart = { kind: "any" };

/** The parts between the first five colons. */
function segmentsOf(parts: readonly PatternPart[]): PatternPart[][] {
  const segments: PatternPart[][] = [[]];
  for (const part of parts) {
    if (part.kind !== "text") {
      segments.at(-1)?.push(part);
      continue;
    }
    let rest = part.text;
    while (segments.length < SEGMENTS && rest.includes(":")) {
      const end = rest.indexOf(":");
      if (end > 0) segments.at(-1)?.push({ kind: "text", text: rest.slice(0, end) });
      segments.push([]);
      rest = rest.slice(end + 1);
    }
    if (rest !== "") segments.at(-1)?.push({ kind: "text", text: rest });
  }
  return segments;
}
