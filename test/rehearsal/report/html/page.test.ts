import assert from "node:assert/strict";
import { permissionTable } from "../../../../src/rehearsal/report/permissions";
import { renderHtml } from "../../../../src/rehearsal/report/html/page";
import {
  changeBucket,
  DESTINATION,
  forbid,
  object,
  rehearseWith,
  REPLICA_KEY,
} from "../../../support/handMade";
import { Page, PAIR, partsOf, resultOf, STATEMENT, textOf } from "./results.test";

const pageOf = (...given: Parameters<typeof resultOf>) => new Page(renderHtml(resultOf(...given)));

describe("the page of a rehearsal", () => {
  it("begins with the verdict and how many objects came to what", () => {
    const page = pageOf([{ ...PAIR, rules: 3 }], "denied");
    assert.deepEqual(page.texts("h1"), ["✗ Broken"]);
    assert.match(page.texts("ul", "counts")[0] ?? "", /3 failed\s+3 rules\s+2 accounts\s+2 things to do/);
  });

  it("says everything without its script", () => {
    const withoutScript = new Page(pageOf([PAIR], "denied").html.replace(/<script>[^]*<\/script>/, ""));
    const text = withoutScript.texts("main").join("");
    for (const fact of [
      "data-copy-0/plain",
      "DstPutObjectNotPermitted",
      "destination bucket policy",
      "Allow in destination bucket policy: Own",
      "Set versioning to",
      "aws s3api put-bucket-policy",
      "role policy 's3': Everything",
      "s3:* on *",
      "requests travel over TLS",
      "aws:s3/bucket:Bucket",
    ]) {
      assert.ok(text.includes(fact), `the page does not say ${fact}`);
    }
    assert.ok(withoutScript.all("details").every((element) => element.attributes.get("open") !== undefined));
  });

  it("says of each setting what is wrong with it, also where something worse is wrong", () => {
    const report = rehearseWith((s) => {
      changeBucket(s, DESTINATION, { versioning: "Suspended" });
      Object.assign(s.keys[REPLICA_KEY] ?? {}, { state: "Disabled" });
    });
    const page = new Page(renderHtml({ ...report, advice: [], accounts: [], permissions: [] }));
    assert.match(page.texts("main").join(""), /the replica key is Disabled/);
  });

  it("names the condition key that decides, and what could not be read, where nothing is proven", () => {
    const page = pageOf([PAIR], "unproven");
    assert.deepEqual(page.texts("h1"), ["? Unproven"]);
    assert.match(page.texts("section").join(""), /hangs on aws:SourceVpc/);
    assert.match(page.texts("section").join(""), /nobody could read the service control policies/);
  });

  it("has statements ready to be pasted", () => {
    assert.deepEqual(JSON.parse(pageOf([PAIR], "denied").texts("pre")[0] ?? ""), STATEMENT);
  });

  it("links to the pages of AWS, and to nothing that is no page", () => {
    const result = resultOf([PAIR]);
    const [first, ...rest] = result.permissions;
    assert.ok(first);
    const sources = [
      "https://docs.aws.amazon.com/a.html",
      "javascript:alert(1)",
      "http://plain.example",
      "no page",
    ];
    const page = new Page(renderHtml({ ...result, permissions: [{ ...first, sources }, ...rest] }));
    const links = new Set(page.all("a").map((element) => element.attributes.get("href") ?? ""));
    assert.ok(links.has("https://docs.aws.amazon.com/a.html"));
    assert.deepEqual(
      [...links].filter((link) => !/^(#|https:\/\/docs\.aws\.amazon\.com\/)/.test(link)),
      [],
    );
  });

  it("is the same page for the same result", () => {
    assert.equal(renderHtml(resultOf([PAIR], "denied")), renderHtml(resultOf([PAIR], "denied")));
  });

  it("takes nothing but its own style and script", () => {
    const page = pageOf([PAIR]);
    const [policy] = page.all("meta").filter((element) => element.attributes.get("http-equiv") !== undefined);
    assert.match(
      (policy && policy.attributes.get("content")) ?? "",
      /^default-src 'none'; style-src 'sha256-[^' ]+'; script-src 'sha256-[^' ]+'; base-uri 'none'; form-action 'none'$/,
    );
    assert.deepEqual(
      page.elements.filter((element) => element.attributes.get("style") !== undefined),
      [],
    );
  });
});

describe("the drawing", () => {
  /** Without numbers, which only tie arrows to rows. */
  const arrowsOf = (page: Page) => page.arrows.map((label) => label.replace(/ \d+$/, "")).sort();

  it("has an arrow for the rules and one for each thing that S3 asks for, with a sign and not a colour alone", () => {
    assert.deepEqual(arrowsOf(pageOf([PAIR], "denied")), [
      "✓ S3 assumes",
      "✓ reads objects",
      "✓ uses key",
      "✓ uses key",
      "✗ data-copy-0",
      "✗ writes replicas",
    ]);
    assert.ok(arrowsOf(pageOf([PAIR], "unproven")).includes("? writes replicas"));
  });

  it("does not call in the way what is denied where nobody can tell whether S3 needs it", () => {
    const report = rehearseWith((snapshot) => {
      forbid(snapshot, "s3:ReplicateTags");
      snapshot.objects = [object({ tags: { team: "storage" } })];
    });
    assert.equal(report.verdict, "unproven");
    const page = new Page(renderHtml({ ...report, accounts: [], permissions: permissionTable(report) }));
    const [write] = arrowsOf(page).filter((label) => label.endsWith("writes replicas"));
    assert.equal(write, "? writes replicas");
  });

  it("leads from each arrow to a row that says why", () => {
    const page = pageOf([PAIR], "denied");
    for (const arrow of page.all("a", "flow")) {
      const id = (arrow.attributes.get("href") ?? "").slice(1);
      const rows = page.elements.filter((element) => element.attributes.get("id") === id);
      assert.equal(rows.length, 1, `there is one row ${id}`);
      const [title] = partsOf(arrow, "title").map(textOf);
      assert.match(title ?? "", /^[✓✗?–] .+\n[✓✗?–] .+: .+/);
    }
    const [write = ""] = page.texts("tr").filter((row) => row.includes("s3:ReplicateObject: "));
    assert.match(write, /role replication.*bucket copy.*not allowed \(destination bucket policy\)/s);
  });

  it("has one arrow for a thousand rules between two buckets", () => {
    const page = pageOf([{ ...PAIR, rules: 1000 }], "denied");
    assert.equal(page.arrows.length, 6);
    assert.ok(arrowsOf(page).includes("✗ 1,000 rules"));
    assert.match(
      page.texts("section")[0] ?? "",
      /and 992 more: SSE-S3: DstPutObjectNotPermitted: s3:ReplicateObject/,
    );
  });

  it("counts the rules with a problem where not all have one", () => {
    const result = resultOf([{ ...PAIR, rules: 3 }]);
    const failed = resultOf([{ ...PAIR, rules: 3 }], "denied").objects.slice(1, 2);
    const objects = [...result.objects.slice(0, 1), ...failed, ...result.objects.slice(2)];
    assert.ok(arrowsOf(new Page(renderHtml({ ...result, objects }))).includes("✗ 1 of 3 rules"));
  });

  it("stands for what is too much with one place for the rest, and keeps what is broken", () => {
    const pairs = Array.from({ length: 100 }, (_, index) => ({
      ...PAIR,
      from: `data-${index}`,
      sender: String(300000000000 + index),
    }));
    const result = resultOf(pairs);
    const objects = [
      ...result.objects.slice(0, 98),
      ...resultOf(pairs, "denied").objects.slice(98, 99),
      ...result.objects.slice(99),
    ];
    const page = new Page(renderHtml({ ...result, objects }));
    const [drawing] = page.texts("div", "drawing");
    assert.match(drawing ?? "", /95 more accounts/);
    assert.match(drawing ?? "", /data-98/);
    assert.doesNotMatch(drawing ?? "", /data-97/);
    assert.match(page.texts("section").join(""), /data-97/);
  });

  it("names once what an arrow stands for many times", () => {
    const pairs = Array.from({ length: 100 }, (_, index) => ({
      ...PAIR,
      from: `data-${index}`,
      sender: String(300000000000 + index),
    }));
    const facts = pageOf(pairs).texts("p", "fact").join("\n");
    assert.match(facts, /✓\u00a0kms:Decrypt \(95 times\): allowed by role policy 's3': Everything/);
    assert.doesNotMatch(facts, /kms:Decrypt, kms:Decrypt/);
  });

  it("has a bucket that sends and receives on both sides", () => {
    const back = { from: "copy", to: "data", sender: PAIR.receiver, receiver: PAIR.sender, rules: 1 };
    const titles = pageOf([PAIR, back]).texts("text", "account-title");
    assert.deepEqual(
      titles,
      [111111111111, 222222222222, 222222222222, 111111111111].map((id) => `Account ${id}`),
    );
  });

  it("marks the bucket that is in the way by its own settings", () => {
    const result = resultOf([PAIR], "denied");
    const objects = result.objects.map((object) => ({
      ...object,
      reason: "versioning of the destination bucket is off",
      missing: [
        {
          resource: "arn:aws:s3:::copy",
          where: "bucket setting" as const,
          why: "setting" as const,
          keys: ["versioning"],
          statements: [],
        },
      ],
    }));
    const page = new Page(renderHtml({ ...result, objects }));
    const marked = page
      .all("g", "place")
      .filter((place) => partsOf(place, "text").some((text) => textOf(text) === "✗ settings"));
    assert.deepEqual(
      marked.flatMap((place) => partsOf(place, "title").map(textOf)),
      ["bucket copy\nversioning of the destination bucket is off"],
    );
    assert.match(page.texts("section").join(""), /versioning of the destination bucket is off/);
  });

  it("says so where there is nothing to draw", () => {
    const page = pageOf([]);
    assert.deepEqual(page.all("a", "flow"), []);
    assert.match(page.texts("section")[0] ?? "", /There is no rule to draw/);
  });
});
