/** What each account has, and what a program makes in it. */
import { bucketNameOf } from "../../../naming/names";
import type { AccountReport, BucketReport } from "../accounts";
import { grouped } from "../../../util/grouping";
import { count } from "../../../output/counts";
import { code, type Markup, markup } from "./markup";
import { foldable, list, section, table } from "./table";

/** Beyond so many, a list is folded. */
const OPEN_ACCOUNTS = 4;
const OPEN_RULES = 20;

export function accountsSection(accounts: readonly AccountReport[]): Markup {
  const open = accounts.length <= OPEN_ACCOUNTS;
  return section(
    "accounts",
    "What each account gets",
    accounts.map((account) =>
      foldable(
        markup`<strong>Account ${account.accountId}</strong> <span class="note">${summaryOf(account)}</span>`,
        describe(account),
        open,
      ),
    ),
  );
}

function summaryOf({ buckets, keys, roles, resources }: AccountReport): string {
  return [
    [buckets.length, "bucket"] as const,
    [keys.length, "key"] as const,
    [roles.length, "role"] as const,
    [resources.length, "resource of the program"] as const,
  ]
    .filter(([n]) => n > 0)
    .map(([n, what]) =>
      what.startsWith("resource") ? `${count(n, "resource")} of the program` : count(n, what),
    )
    .join(", ");
}

function describe({ buckets, keys, roles, resources }: AccountReport): Markup {
  return markup`${buckets.map(describeBucket)}
${keys.length === 0 ? undefined : markup`<h3>Keys</h3>${list(keys.map(code))}`}
${roles.length === 0 ? undefined : markup`<h3>Roles</h3>${list(roles.map(code))}`}
${[...grouped(resources, ({ stack }) => stack)].map(
  ([
    stack,
    members,
  ]) => markup`<h3>Stack ${stack} <span class="note">${count(members.length, "resource")}</span></h3>
${table(
  ["Name", "Type"],
  members.map(({ name, type }) => ({ cells: [code(name), code(type)] })),
)}`,
)}`;
}

function describeBucket({ arn, region, settings, rules, existingObjects }: BucketReport): Markup {
  return markup`<h3>Bucket ${code(bucketNameOf(arn))}</h3>
<p>${[region, ...settings].join(", ")}</p>
${existingObjects === undefined ? undefined : markup`<p>${existingObjects}</p>`}
${
  rules.length === 0
    ? undefined
    : foldable(
        count(rules.length, "rule"),
        table(
          ["Rule", "What it takes, and where"],
          rules.map(({ id, description }) => ({ cells: [markup`<strong>${id}</strong>`, description] })),
        ),
        rules.length <= OPEN_RULES,
      )
}`;
}
