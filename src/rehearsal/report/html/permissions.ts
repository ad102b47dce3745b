/** What S3 asks for as the replication role, what decides, and where AWS says so. */
import { parseArn } from "../../../iam";
import { type PermissionReport, standing } from "../permissions";
import type { OtherGrant, UnusedGrant } from "../report";
import { grouped, unique } from "../../../util/grouping";
import { code, joined, type Markup, markup, type Part } from "./markup";
import { badge, statusOfDecision } from "./status";
import { groupedTable, note, section, table } from "./table";

export function permissionsSection(permissions: readonly PermissionReport[]): Markup {
  const heading = "What S3 asks for as the replication role";
  if (permissions.length === 0) return section("permissions", heading, note("No request was made."));
  const pages = unique(permissions.flatMap(({ sources }) => sources));
  return section(
    "permissions",
    heading,
    groupedTable(
      ["Decision", "Action", "Decided by", "Pages"],
      [...grouped(permissions, ({ resource }) => resource)].map(([resource, members]) => ({
        heading: titleOf(resource),
        rows: members.map(({ action, decision, statements, missingIn, sources }) => ({
          cells: [
            badge(statusOfDecision(decision), decision),
            code(action),
            joined(
              [
                ...missingIn.map(
                  (where) => markup`<strong>${standing({ decision, statements })} the ${where}</strong>`,
                ),
                ...statements,
              ],
              "<br>",
            ),
            joined(
              sources.map((source) => pageLink(source, `[${pages.indexOf(source) + 1}]`)),
              " ",
            ),
          ],
        })),
      })),
    ),
    markup`<h3>Pages</h3>
<ol class="pages">${pages.map((page) => markup`<li>${pageLink(page, page)}</li>`)}</ol>`,
  );
}

function titleOf(resource: string): Part {
  const service = parseArn(resource)?.service ?? "";
  const what = { iam: "Role", kms: "Key", s3: resource.endsWith("/*") ? "Objects of" : "Bucket" }[service];
  return markup`${what === undefined ? undefined : `${what} `}${code(resource)}`;
}

/** A link only where it leads to a page, whatever else a source may say. */
function pageLink(source: string, text: string): Markup {
  return URL.canParse(source) && new URL(source).protocol === "https:"
    ? markup`<a href="${source}" rel="noreferrer">${text}</a>`
    : markup`${text}`;
}

export function unusedGrantsSection(grants: readonly UnusedGrant[]): Markup {
  const title = "Granted, and not needed";
  return grants.length === 0
    ? section("unused", title, note("Nothing: every grant is needed by a request."))
    : section("unused", title, grantsTable("Why it is not needed", grants));
}

export function otherGrantsSection(grants: readonly OtherGrant[]): Markup | undefined {
  if (grants.length === 0) return undefined;
  return section("others", "Let in beside replication", grantsTable("How", grants));
}

function grantsTable(why: string, grants: readonly UnusedGrant[]): Markup {
  return table(
    ["Grant", "Where", "To whom", why],
    grants.map(({ grant, where, resource, statement, principal, reason }) => ({
      cells: [
        code(grant),
        markup`${where}: ${code(statement.sid ?? `statement ${statement.index}`)}<br>${code(resource)}`,
        principal === undefined ? "the replication role" : code(principal),
        reason,
      ],
    })),
  );
}
