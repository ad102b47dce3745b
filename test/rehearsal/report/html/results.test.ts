/** What the pages of the tests beside this one are made of, and read with. */
import assert from "node:assert/strict";
import { renderHtml } from "../../../../src/rehearsal/report/html/page";
import type { ObjectReport, RequestReport } from "../../../../src/rehearsal/report/report";
import type { RehearsalResult } from "../../../../src/rehearsal/report/text";

const DOCS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html";

export interface Pair {
  readonly from: string;
  readonly to: string;
  readonly sender: string;
  readonly receiver: string;
  readonly rules: number;
}

export const PAIR: Pair = {
  from: "data",
  to: "copy",
  sender: "111111111111",
  receiver: "222222222222",
  rules: 1,
};

function objectOf(pair: Pair, rule: string, decision: RequestReport["decision"]): ObjectReport {
  const request = (action: string, resource: string, decided: RequestReport["decision"]): RequestReport => ({
    action,
    resource,
    decision: decided,
    statements: decided === "allowed" ? ["role policy 's3': Everything"] : [],
    decidingKeys: decided === "unproven" ? ["aws:SourceVpc"] : [],
    sources: [DOCS],
  });
  const resource = `arn:aws:s3:::${pair.to}/${rule}/plain`;
  return {
    bucket: `arn:aws:s3:::${pair.from}`,
    key: `${rule}/plain`,
    kind: "SSE-S3",
    rule,
    destination: `arn:aws:s3:::${pair.to}`,
    ...{
      allowed: { outcome: "COMPLETED" as const, reason: "every request that S3 makes is allowed" },
      denied: {
        outcome: "FAILED" as const,
        failureReason: "DstPutObjectNotPermitted",
        reason: `s3:ReplicateObject on ${resource} is not allowed`,
      },
      unproven: { outcome: "UNPROVEN" as const, reason: "it hangs on aws:SourceVpc" },
    }[decision],
    missing:
      decision === "allowed"
        ? []
        : [
            {
              action: "s3:ReplicateObject",
              resource,
              where: "destination bucket policy",
              why: decision === "denied" ? "not allowed" : "undecided",
              keys: decision === "denied" ? [] : ["aws:SourceVpc"],
              statements: [{ policy: "destination bucket policy", sid: "Own", index: 0, effect: "Allow" }],
            },
          ],
    requests: [
      request("sts:AssumeRole", `arn:aws:iam::${pair.sender}:role/replication`, "allowed"),
      request("s3:GetObjectVersionForReplication", `arn:aws:s3:::${pair.from}/${rule}/plain`, "allowed"),
      request("kms:Decrypt", `arn:aws:kms:eu-west-1:${pair.sender}:key/source`, "allowed"),
      request("s3:ReplicateObject", resource, decision),
      request("kms:Encrypt", `arn:aws:kms:eu-west-1:${pair.receiver}:key/replicas`, "allowed"),
    ],
  };
}

export function resultOf(
  pairs: readonly Pair[],
  decision: RequestReport["decision"] = "allowed",
): RehearsalResult {
  const rulesOf = (pair: Pair) =>
    Array.from({ length: pair.rules }, (_, index) => `${pair.from}-${pair.to}-${index}`);
  const objects = pairs.flatMap((pair) => rulesOf(pair).map((rule) => objectOf(pair, rule, decision)));
  const owners = new Map(
    pairs.flatMap(
      ({ from, sender, to, receiver }) =>
        [
          [from, sender],
          [to, receiver],
        ] as const,
    ),
  );
  const accounts = [...new Set(owners.values())].map((accountId) => ({
    accountId,
    buckets: [...owners.keys()]
      .filter((name) => owners.get(name) === accountId)
      .map((name) => ({
        arn: `arn:aws:s3:::${name}`,
        region: "eu-west-1",
        settings: ["versioning Enabled", "SSE-KMS"],
        rules: pairs
          .filter(({ from }) => from === name)
          .flatMap((pair) =>
            rulesOf(pair).map((id) => ({
              id,
              enabled: true,
              destination: `arn:aws:s3:::${pair.to}`,
              description: `${id}/*`,
            })),
          ),
      })),
    keys: [`arn:aws:kms:eu-west-1:${accountId}:key/spare`],
    roles: [],
    resources: [{ stack: "stack", type: "aws:s3/bucket:Bucket", name: "bucket" }],
  }));
  const permissions = (objects[0]?.requests ?? []).map(
    ({ action, resource, statements, sources, ...request }) => ({
      action,
      resource,
      decision: request.decision,
      statements,
      missingIn: request.decision === "allowed" ? [] : ["destination bucket policy" as const],
      sources,
    }),
  );
  const isProven = decision === "allowed";
  return {
    verdict: ({ allowed: "proven", denied: "broken", unproven: "unproven" } as const)[decision],
    objects,
    refusals: [],
    findings: [],
    advice: isProven
      ? []
      : [
          {
            where: "destination bucket policy",
            resource: "arn:aws:s3:::copy",
            statement: STATEMENT,
            command: "aws s3api put-bucket-policy",
            reason: "s3:ReplicateObject must be allowed",
          },
          {
            where: "bucket setting",
            resource: "arn:aws:s3:::copy",
            change: { path: "/buckets/arn:aws:s3:::copy/versioning", value: "Enabled" },
            reason: "it is off",
          },
        ],
    warnings: [],
    evidence: "observed",
    observations: [],
    otherGrants: [],
    unusedGrants: [
      {
        where: "role policy",
        resource: "arn:aws:iam::111111111111:role/replication",
        statement: { policy: "s3", sid: "Everything", index: 0, effect: "Allow" },
        grant: "s3:* on *",
        reason: "no request needs it",
      },
    ],
    unread: decision === "unproven" ? ["nobody could read the service control policies"] : [],
    assumptions: ["requests travel over TLS"],
    accounts,
    permissions,
  };
}

export const STATEMENT = {
  Sid: "Replicate",
  Effect: "Allow" as const,
  Action: "s3:ReplicateObject",
  Resource: "arn:aws:s3:::copy/*",
};

export interface Element {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (Element | string)[];
}

/**
 * Reads pages by a grammar that is much stricter than that of HTML: every element is closed, every attribute is quoted,
 * and no text holds an angle bracket. What does not fit throws, so that nothing on a page is markup by accident.
 */
class Reader {
  private at = 0;

  constructor(private readonly html: string) {}

  read(): Element {
    this.take(/<!doctype html>\n/y);
    const root = this.element();
    this.take(/\n$/y);
    return root;
  }

  private take(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.html);
    assert.ok(found, `unexpected at ${this.at}: ${JSON.stringify(this.html.slice(this.at, this.at + 60))}`);
    this.at = pattern.lastIndex;
    return found;
  }

  private element(): Element {
    const [, tag = "", written = "", closed] = this.take(
      /<([a-z][a-z0-9]*)((?: [a-zA-Z-]+="[^"<>]*"| open)*)(\/?)>/y,
    );
    const attributes = new Map(
      [...written.matchAll(/ ([a-zA-Z-]+)(?:="([^"]*)")?/g)].map(([, name = "", value = ""]) => [
        name,
        decoded(value),
      ]),
    );
    if (closed === "/" || tag === "meta" || tag === "br") return { tag, attributes, children: [] };
    if (tag === "style" || tag === "script") {
      const [, content = ""] = this.take(new RegExp(`([^<]*)</${tag}>`, "y"));
      return { tag, attributes, children: [content] };
    }
    const children: (Element | string)[] = [];
    while (!this.html.startsWith("</", this.at)) {
      children.push(this.html[this.at] === "<" ? this.element() : decoded(this.take(/[^<>]+/y)[0]));
    }
    this.take(new RegExp(`</${tag}>`, "y"));
    return { tag, attributes, children };
  }
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'" };

function decoded(text: string): string {
  return text.replace(/&([^;]{0,5});?/g, (_, name: string) => {
    const character = ENTITIES[name];
    assert.ok(character !== undefined, `unexpected '&${name}'`);
    return character;
  });
}

export function textOf(node: Element | string): string {
  return typeof node === "string" ? node : node.children.map(textOf).join("");
}

/** A page, taken apart. */
export class Page {
  readonly elements: readonly Element[];

  constructor(readonly html: string) {
    const withAll = (element: Element): Element[] => [
      element,
      ...element.children.flatMap((child) => (typeof child === "string" ? [] : withAll(child))),
    ];
    this.elements = withAll(new Reader(html).read());
  }

  all(tag: string, style?: string): Element[] {
    return this.elements.filter(
      (element) =>
        element.tag === tag &&
        (style === undefined || (element.attributes.get("class") ?? "").split(" ").includes(style)),
    );
  }

  texts(tag: string, style?: string): string[] {
    return this.all(tag, style).map(textOf);
  }

  /** Labels of the arrows: sign, words, number. */
  get arrows(): string[] {
    return this.all("a", "flow").map((arrow) => partsOf(arrow, "text").map(textOf).join(""));
  }
}

/** Children with a tag. */
export function partsOf({ children }: Element, tag: string): Element[] {
  return children.filter((child): child is Element => typeof child !== "string" && child.tag === tag);
}

describe("the results that pages are made of", () => {
  for (const decision of ["allowed", "denied", "unproven"] as const) {
    it(`make a well-formed page where everything is ${decision}`, () => {
      assert.equal(new Page(renderHtml(resultOf([PAIR], decision))).all("html").length, 1);
    });
  }
});
