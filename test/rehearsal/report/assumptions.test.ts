/** What a verdict rests on without a page that says so. */
import { deepStrictEqual, match, ok } from "node:assert";
import { renderMarkdown } from "../../../src/rehearsal/gate/markdown";
import { rehearse } from "../../../src/rehearsal/rehearse";
import { renderHtml } from "../../../src/rehearsal/report/html/page";
import { renderText } from "../../../src/rehearsal/report/text";
import { CASES } from "../../proof/cases";
import { DESTINATION, DESTINATION_ACCOUNT, plainRule, setUpWithoutKms } from "../../proof/setUp";

const ACCOUNT = /Account of a rule without AccessControlTranslation/;

const assumed = (destination: object, status: "Enabled" | "Disabled" = "Enabled") => {
  const rule = { ...plainRule({ Status: status }), Destination: { Bucket: DESTINATION, ...destination } };
  return rehearse(setUpWithoutKms({ rules: [rule] })).assumptions.filter((text) => ACCOUNT.test(text)).length;
};

describe("an Account of a rule without AccessControlTranslation", () => {
  const owner = { AccessControlTranslation: { Owner: "Destination" } };

  it("is an assumption that the report lists, of rules that are on", () => {
    deepStrictEqual(
      [assumed({ Account: DESTINATION_ACCOUNT }), assumed({ Account: DESTINATION_ACCOUNT }, "Disabled")],
      [1, 0],
    );
  });

  it("is none where the rule overrides the owner, or names no account", () => {
    deepStrictEqual([assumed({ Account: DESTINATION_ACCOUNT, ...owner }), assumed({})], [0, 0]);
  });
});

const caseOf = (file: string) => CASES.find((each) => each.file === file)?.snapshot ?? setUpWithoutKms({});

describe("what a verdict rests on beyond AWS's pages", () => {
  const locks = /nothing needs to grant s3:PutObjectRetention .*\(https:.*object-lock-managing\.html, https:/;
  const locked = rehearse(caseOf("lock-denied-at-destination"));

  it("is listed with the pages that leave it open, where an object of the set-up asks for it", () => {
    match(locked.assumptions.join("\n"), locks);
    const without = rehearse(setUpWithoutKms({})).assumptions;
    ok(!without.some((text) => locks.test(text)));
  });

  it("is listed once, however many objects rest on it", () => {
    for (const { snapshot, file } of CASES) {
      const { assumptions, observations } = rehearse(snapshot);
      const listed = [...assumptions, ...observations.map(({ link, statement }) => `${statement} ${link}`)];
      deepStrictEqual(listed.length, new Set(listed).size, file);
    }
  });

  it("has its link in every form of the report", () => {
    const session = rehearse(caseOf("bucket-policy-names-the-session"));
    const result = { ...session, accounts: [], permissions: [] };
    const link = session.observations[0]?.link ?? "none";
    const page = session.assumptions[0]?.match(/https:[^)]+/)?.[0] ?? "none";
    for (const form of [renderText(result), renderMarkdown(result, []), renderHtml(result)]) {
      for (const each of [link, page]) {
        const plain = form.replaceAll(/\s+|\\/g, "");
        ok(plain.includes(each), `${each} is not in ${form.slice(0, 40)}`);
      }
    }
    ok(renderHtml(result).includes(`<a href="${page}"`));
  });
});
