/** Shell blocks of the pages, as somebody runs them who reads on: which of them are run, and why others are not. */
import assert from "node:assert/strict";
import { EXAMPLES } from "../../support/examples";
import { PROGRAM_NAMES } from "../../support/programs";
import { page, type Page } from "./markdown";

export interface Block {
  readonly page: string;
  /** Words that only this block of the page has. Empty: every block of the page. */
  readonly words: string;
}

/** Blocks that the tests of the engine run, word for word. */
export const RUN = {
  /** How README says that a clone is made ready, which packs the package as well. */
  install: { page: "README.md", words: "npm ci" },
  start: { page: "README.md", words: "npm start\n" },
  deploy: { page: "README.md", words: "pulumi stack init destination" },
  broken: { page: "README.md", words: "npm start -- --snapshot" },
  installPackage: { page: "README.md", words: "npm install ../s3-replication/" },
  gate: { page: "policypack/README.md", words: "pulumi preview --policy-pack policypack\n" },
  permissions: { page: "docs/commands/permissions.md", words: "--for destination source" },
  rehearse: { page: "docs/commands/rehearse.md", words: "npx s3-replication rehearse\n" },
  firstPreview: { page: "docs/commands/rehearse.md", words: "pulumi preview --json" },
  permissionsOfStates: { page: "docs/commands/permissions.md", words: "--state archive.json" },
  baseline: { page: "docs/gates.md", words: "> baseline.json" },
  templates: { page: "examples/cloudformation/README.md", words: "npx s3-replication rehearse" },
  bothWays: { page: "docs/two-way.md", words: "pulumi stack init east" },
} as const satisfies Readonly<Record<string, Block>>;

/** Pages of which every block is run. */
export const RUN_PAGES = [
  ...EXAMPLES.map((name) => `examples/${name}/README.md`),
  ...PROGRAM_NAMES.map((name) => `examples/programs/${name}/README.md`),
  "examples/watch/README.md",
  "examples/many-accounts/one-stack/README.md",
  "examples/many-accounts/stack-each/README.md",
];

/** Blocks that stand on a page that is run as well. */
const SAME_AS_ON_ANOTHER_PAGE: readonly Block[] = [
  { page: "docs/languages.md", words: "npm install ../s3-replication/" },
  { page: "docs/languages.md", words: "pulumi package add ./package" },
];

/** Blocks that cannot be run, with the reason. */
const NOT_RUN: readonly (Block & { readonly because: string })[] = [
  ...[
    ["docs/existing-buckets.md", "get-bucket-policy"],
    ["docs/monitoring.md", "purge-queue"],
    // The pages' own tests rehearse what they say.
    ["docs/disaster-recovery.md", ""],
    ["docs/moving-a-bucket.md", "s3-replication rehearse"],
    ["docs/commands/rehearse.md", "--live 222222222222"],
    ["docs/commands/rehearse.md", "--write-snapshot there.json"],
  ].map(([page = "", words = ""]) => ({ page, words, because: "reads or changes two AWS accounts" })),
  { page: "CONTRIBUTING.md", words: "npx mocha", because: "runs tests and writes what they check" },
  { page: "CONTRIBUTING.md", words: "npm test", because: "runs all tests" },
  ...["terraform plan", "--variable replica_key_arn", "--terraform-directory roots/data"].map((words) => ({
    page: "docs/commands/rehearse.md",
    words,
    because: "needs Terraform and plans of the reader's",
  })),
  {
    page: "docs/commands/rehearse.md",
    words: "--cloudformation archive.yaml",
    because: "reads templates of the reader's",
  },
  ...["cd two-accounts", "cd kms-cross-region"].map((words) => ({
    page: "examples/terraform/README.md",
    words,
    because: "needs Terraform and its provider for AWS",
  })),
  { page: "policypack/README.md", words: "path/to/policypack", because: "names a path of the reader's" },
];

/** Commands that find out everything on AWS: tests run them over HTTP against a local AWS, with other words. */
const NEEDS_AWS = /^(npx )?s3-replication (doctor|status|backfill|verify|reconcile|fleet) /;

/** A first word that tells a command from what commands print. */
const COMMAND = /^\s*(npm|npx|pulumi|tar|cp|git|aws|s3-replication) /;

/** Blocks that a reader copies into a shell, whether or not the fence says so. */
export function shellBlocks({ blocks }: Page): string[] {
  return blocks
    .filter(({ language, text }) => language === "sh" || (language === "" && COMMAND.test(text)))
    .map(({ text }) => text);
}

/** The only shell block of a page that holds these words. */
export function shellBlock({ page: path, words }: Block): string {
  const found = shellBlocks(page(path)).filter((text) => text.includes(words));
  assert.equal(found.length, 1, `${path} must have one shell block with '${words}', has ${found.length}`);
  return found[0] ?? "";
}

/** What of the pages and of the lists above does not fit. */
export function unaccounted(pages: readonly Page[]): {
  readonly blocks: string[];
  readonly entries: Block[];
} {
  const entries: readonly Block[] = [
    ...Object.values(RUN),
    ...RUN_PAGES.map((page) => ({ page, words: "" })),
    ...SAME_AS_ON_ANOTHER_PAGE,
    ...NOT_RUN,
  ];
  const all = pages.flatMap((page) => shellBlocks(page).map((text) => ({ path: page.path, text })));
  const isOf = ({ page, words }: Block, { path, text }: (typeof all)[number]) =>
    page === path && text.includes(words);
  return {
    blocks: all
      .filter((block) => !needsAws(block.text) && !entries.some((entry) => isOf(entry, block)))
      .map(({ path, text }) => `${path}: ${text}`),
    entries: entries.filter((entry) => !all.some((block) => isOf(entry, block))),
  };
}

function needsAws(text: string): boolean {
  const commands = text.replaceAll(/\\\n\s*/g, "").split("\n");
  return commands.every((line) => line.trim() === "" || line.startsWith("#") || NEEDS_AWS.test(line));
}
