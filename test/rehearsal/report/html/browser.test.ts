import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import escapeHtml from "escape-html";
import { renderHtml } from "../../../../src/rehearsal/report/html/page";
import { HOSTILE, spoilt } from "./hostile.test";
import { PAIR, resultOf } from "./results.test";

const hasBrowser = spawnSync("chromium", ["--version"]).status === 0;

/** Opens pages from files, and listens to what they try to reach: every host leads to a server of this test. */
class Browser {
  readonly directory = mkdtempSync(join(tmpdir(), "rehearsal-page-"));
  private hosts: string[] = [];
  private readonly server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (data) => {
      // Names stand in plain text, both in HTTP and in the greeting of TLS. The browser calls home by itself.
      const text = data.toString("latin1");
      if (!/\.google(apis)?\.com/.test(text)) this.hosts.push(/^Host: (.*?)\r$/m.exec(text)?.[1] ?? text);
      socket.destroy();
    });
  });

  /** @returns What the browser printed, and the hosts that the page tried to reach. */
  async open(html: string, ...options: string[]): Promise<{ output: string; hosts: readonly string[] }> {
    if (!this.server.listening) await once(this.server.listen(0, "127.0.0.1"), "listening");
    const { port } = this.server.address() as AddressInfo;
    const file = join(this.directory, "page.html");
    writeFileSync(file, html);
    this.hosts = [];
    const process = spawn(
      "chromium",
      [
        ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
        ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
        `--user-data-dir=${mkdtempSync(join(this.directory, "profile-"))}`,
        `--host-resolver-rules=MAP * 127.0.0.1:${port}`,
        "--window-size=1280,1600",
        ...options,
        pathToFileURL(file).href,
      ],
      { stdio: ["ignore", "pipe", "ignore"], timeout: 50_000 },
    );
    let output = "";
    process.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    await once(process, "close");
    return { output, hosts: this.hosts };
  }

  close(): void {
    this.server.close();
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Elements and names of attributes of a printed DOM, in which only text has its angle brackets escaped. */
function tagsOf(dom: string): string[] {
  return [...dom.matchAll(/<([a-z0-9]+)((?: [^\s=>"]+="[^"]*")*)>/g)]
    .map(([, tag = "", attributes = ""]) => tag + attributes.replace(/="[^"]*"/g, ""))
    .filter((tag) => !tag.startsWith("text ") && !tag.startsWith("tspan"));
}

describe(`a page in a browser${hasBrowser ? "" : " (skipped: there is no chromium on PATH)"}`, function () {
  this.timeout(120_000);
  let browser: Browser;

  before(function () {
    if (!hasBrowser) this.skip();
    browser = new Browser();
  });

  after(() => browser?.close());

  it("shows the verdict and the drawing, runs its script, and reaches nobody", async () => {
    const { output, hosts } = await browser.open(renderHtml(resultOf([PAIR], "denied")), "--dump-dom");
    assert.match(output, /<title>Broken: /);
    assert.equal(output.match(/<a class="flow /g)?.length, 6);
    // The script is allowed by the page's own policy.
    assert.match(output, /<button type="button">Copy<\/button>/);
    assert.deepEqual(hosts, []);
  });

  it("does nothing that a name asks for", async () => {
    const everything = Object.values(HOSTILE).join("");
    const { output, hosts } = await browser.open(renderHtml(spoilt(everything)), "--dump-dom");
    const plain = await browser.open(renderHtml(resultOf([PAIR], "denied")), "--dump-dom");
    assert.match(output, /<title>Broken: /);
    assert.deepEqual(tagsOf(output), tagsOf(plain.output));
    assert.deepEqual(hosts, []);
  });

  it("could not reach anybody if it wanted to", async () => {
    const loads = `<img src="http://example.com/a.png"><style>body { background: url("http://example.com/b.png") }</style>`;
    const page = renderHtml(resultOf([PAIR]));
    const guarded = await browser.open(page.replace("<main>", `<main>${loads}`), "--dump-dom");
    assert.deepEqual(guarded.hosts, []);
    // The same without the policy, so that the test is known to see what is reached for.
    const open = page.replace(/<meta http-equiv[^>]*>/, "").replace("<main>", `<main>${loads}`);
    const { hosts } = await browser.open(open, "--dump-dom");
    assert.deepEqual(new Set(hosts), new Set(["example.com"]));
  });

  it("fits the width of a telephone, long names and headings included", async () => {
    const name = `${"long-name-of-a-bucket-".repeat(3)}${"x".repeat(200)}`;
    const page = renderHtml(resultOf([{ ...PAIR, from: name }], "denied"))
      .replace(/<meta http-equiv[^>]*>/, "")
      .replace("<main>", `<main><section><h2>${name}</h2><ul><li>${name}</li></ul></section>`);
    const narrow = `<!doctype html><iframe width="400" height="800" srcdoc="${escapeHtml(page)}"></iframe>
<script>addEventListener("load", () => {
  const { documentElement: root } = document.querySelector("iframe").contentDocument;
  const headings = [...root.querySelectorAll("th[scope=rowgroup]")];
  const squeezed = headings.filter((heading) => heading.offsetWidth < heading.closest("table").offsetWidth);
  document.title = JSON.stringify({ wider: root.scrollWidth - root.clientWidth, headings: headings.length, squeezed: squeezed.length });
});</script>`;
    const { output } = await browser.open(narrow, "--dump-dom");
    assert.equal(/<title>(.*?)<\/title>/.exec(output)?.[1], '{"wider":0,"headings":5,"squeezed":0}');
  });

  it("can be pictured and printed", async () => {
    const html = renderHtml(resultOf([{ ...PAIR, rules: 1000 }], "unproven"));
    const picture = join(browser.directory, "page.png");
    await browser.open(html, `--screenshot=${picture}`);
    assert.ok(existsSync(picture));
    const png = readFileSync(picture);
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    assert.equal(png.readUInt32BE(16), 1280);
    // A blank page of this size takes about 7 kB.
    assert.ok(png.length > 50_000, `the picture has ${png.length} bytes`);
    const paper = join(browser.directory, "page.pdf");
    await browser.open(renderHtml(resultOf([PAIR], "unproven")), `--print-to-pdf=${paper}`);
    assert.equal(readFileSync(paper).subarray(0, 5).toString(), "%PDF-");
  });
});
