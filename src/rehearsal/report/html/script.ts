/** The script of the page: buttons that copy, and a search in long lists. Every fact is on the page without it. */
import { Markup } from "./markup";

export const SCRIPT = new Markup(`
"use strict";
// A button on everything that can be copied.
for (const block of document.querySelectorAll("pre")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(block.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(block);
    }
  });
  block.previousElementSibling.append(button);
}
// A search in a long list of rules.
const rules = document.querySelectorAll("details.rule");
if (rules.length > 12) {
  const label = document.createElement("label");
  const search = document.createElement("input");
  search.type = "search";
  label.className = "search";
  label.append("Rules and objects with ", search);
  search.addEventListener("input", () => {
    const wanted = search.value.toLowerCase();
    for (const rule of rules) rule.hidden = !rule.textContent.toLowerCase().includes(wanted);
    for (const many of document.querySelectorAll("details.many")) many.open = wanted !== "";
  });
  document.querySelector("#objects h2").after(label);
}
`);
