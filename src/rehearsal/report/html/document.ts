/** The document around a page: nothing is loaded, nothing is sent, and only our own style and script are taken. */
import { createHash } from "node:crypto";
import { type Markup, markup, type Part } from "./markup";

export interface PageDocument {
  readonly title: string;
  /** By which an earlier page is told from any other file. */
  readonly generator: string;
  readonly styles: Markup;
  /** Left out: the page has no script. */
  readonly script?: Markup;
  readonly sections: Part;
}

/** One page that needs nothing else. */
export function pageDocument({ title, generator, styles, script, sections }: PageDocument): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(styles, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="${generator}">
<title>${title}</title>
<style>${styles}</style>
</head>
<body>
<main>
${sections}</main>
${script === undefined ? undefined : markup`<script>${script}</script>\n`}</body>
</html>
`.text;
}

/** Styles and scripts by their hashes. */
function policyOf(styles: Markup, script: Markup | undefined): string {
  return [
    "default-src 'none'",
    `style-src ${hashOf(styles)}`,
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashOf({ text }: Markup): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
