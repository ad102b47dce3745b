/** A log archive for an organization, with three accounts that send to it: one of them is outside. */
import { deepStrictEqual, match, strictEqual } from "node:assert";
import { rehearse } from "../../src/rehearsal/rehearse";
import type { AccountState, Snapshot } from "../../src/snapshot/snapshot";
import { snapshotOf } from "../support/examples";

const EXAMPLE = "organization-archive";
const SHOP = "111111111111";
const OUTSIDER = "444444444444";

/** The example with the shop's account once more under another number, which its policies do not name. */
async function withThird(change: (account: AccountState, snapshot: Snapshot) => void = () => undefined) {
  const snapshot = await snapshotOf(EXAMPLE);
  const ofShop = (text: string) => text.includes(SHOP) || text.includes("organization-archive-shop");
  const moved = <T>(record: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).filter(([arn]) => ofShop(arn)));
  const { accounts, buckets, keys } = snapshot;
  const copy = { accounts: moved(accounts), buckets: moved(buckets), keys: moved(keys) };
  const third = JSON.parse(
    JSON.stringify(copy)
      .replaceAll(SHOP, OUTSIDER)
      .replaceAll("organization-archive-shop", "organization-archive-third"),
  ) as Pick<Snapshot, "accounts" | "buckets" | "keys">;
  Object.assign(accounts, third.accounts);
  Object.assign(buckets, third.buckets);
  Object.assign(keys, third.keys);
  const account = accounts[OUTSIDER];
  if (account === undefined) throw new Error("there is no third account");
  change(account, snapshot);
  return snapshot;
}

/** The verdict, and for each source bucket what its objects come to and whose document is in the way. */
function outcomes(snapshot: Snapshot) {
  const { verdict, objects } = rehearse(snapshot);
  const of = (bucket: string) => {
    const own = objects.filter(
      (object) => object.bucket.endsWith(bucket) && object.outcome !== "NOT_REPLICATED",
    );
    return {
      outcome: [...new Set(own.map(({ outcome }) => outcome))].join(),
      where: [...new Set(own.flatMap(({ missing }) => missing.map(({ where }) => where)))].sort(),
    };
  };
  return { verdict, bank: of("bank"), shop: of("shop"), third: of("third") };
}

const FINE = { outcome: "COMPLETED", where: [] };
const SHUT_OUT = { outcome: "FAILED", where: ["destination bucket policy", "destination key policy"] };

describe("a log archive for an organization", () => {
  it("takes a third account of the unit without a change of the archive", async () => {
    deepStrictEqual(outcomes(await withThird()), {
      verdict: "proven",
      bank: FINE,
      shop: FINE,
      third: FINE,
    });
  });

  for (const [who, change] of [
    ["of another organization", { organizationId: "o-zzzzzzzzzz", organizationPath: "o-zzzzzzzzzz/r-zz99/" }],
    ["of no organization", { organizationId: null, organizationPath: undefined }],
    ["of another unit", { organizationPath: "o-a1b2c3d4e5/r-ab12/ou-ab12-99999999/" }],
  ] as const)
    it(`is broken for an account ${who}, and for that one alone`, async () => {
      const snapshot = await withThird((account) => Object.assign(account, change));
      deepStrictEqual(outcomes(snapshot), { verdict: "broken", bank: FINE, shop: FINE, third: SHUT_OUT });
    });

  it("is broken for a role of another name in an account of the unit", async () => {
    const snapshot = await withThird();
    const renamed = JSON.parse(
      JSON.stringify(snapshot).replaceAll(
        `arn:aws:iam::${OUTSIDER}:role/replication/log-archive`,
        `arn:aws:iam::${OUTSIDER}:role/replication/logs`,
      ),
    ) as Snapshot;
    deepStrictEqual(outcomes(renamed).third, SHUT_OUT);
  });

  it("is broken for an account that writes below the id of another one", async () => {
    const snapshot = await withThird((_, { buckets }) => {
      const [rule] = buckets["arn:aws:s3:::organization-archive-third"]?.replication?.Rules ?? [];
      Object.assign(rule ?? {}, { Filter: { Prefix: `${SHOP}/` } });
      const roles = Object.values(_.roles);
      for (const role of roles)
        role.policies = role.policies.map(
          (policy) => JSON.parse(JSON.stringify(policy).replaceAll(`/${OUTSIDER}/`, `/${SHOP}/`)) as object,
        );
    });
    const { verdict, shop, third } = outcomes(snapshot);
    deepStrictEqual([verdict, shop, third.outcome], ["broken", FINE, "FAILED"]);
    strictEqual(third.where.includes("destination bucket policy"), true);
  });

  it("is unproven for an account of which nobody says the organization, and names the keys", async () => {
    const snapshot = await withThird((account) => {
      delete account.organizationId;
      delete account.organizationPath;
    });
    const { verdict, objects } = rehearse(snapshot);
    strictEqual(verdict, "unproven");
    const keys = objects.flatMap(({ missing }) => missing.flatMap((each) => each.keys ?? []));
    deepStrictEqual([...new Set(keys)].sort(), ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths"]);
  });

  it("is proven also where S3 restricts public buckets, since it calls no such policy public", async () => {
    const snapshot = await withThird();
    const { publicAccessBlock } = snapshot.buckets["arn:aws:s3:::organization-archive-logs"] ?? {};
    strictEqual(publicAccessBlock?.restrictPublicBuckets, true);
    strictEqual(rehearse(snapshot).verdict, "proven");
  });

  it("says which organization the program puts its accounts into: nobody asked AWS", async () => {
    const { assumptions } = rehearse(await snapshotOf(EXAMPLE));
    match(
      assumptions.join("\n"),
      /the account 111111111111 is in the organization that the program says, o-a1b2c3d4e5/,
    );
  });

  it("calls nobody a stranger, and calls one who is let in more widely", async () => {
    const strangers = (snapshot: Snapshot) =>
      rehearse(snapshot).otherGrants.map(({ where, principal }) => `${principal} by the ${where}`);
    deepStrictEqual(strangers(await snapshotOf(EXAMPLE)), []);
    for (const condition of ["StringEquals", "ArnLike"]) {
      const snapshot = await snapshotOf(EXAMPLE);
      const bucket = snapshot.buckets["arn:aws:s3:::organization-archive-logs"];
      const { Statement } = bucket?.policy as { Statement: { Condition: Record<string, unknown> }[] };
      delete Statement.at(-1)?.Condition[condition];
      deepStrictEqual(strangers(snapshot), ["* by the destination bucket policy"], condition);
    }
  });
});
