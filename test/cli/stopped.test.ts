import { deepStrictEqual, match, strictEqual } from "node:assert";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { standIn } from "../readers/terraform/standIn";
import { pair, planOf } from "../readers/terraform/support";
import { cli, inDirectory } from "../support/cli";

const CALLER = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::111111111111:user/deploy</Arn><UserId>1</UserId><Account>111111111111</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

describe("a command that is told to stop", () => {
  /** Says who is calling; at any other request it has the process stopped, and answers when the process knows. */
  let stop: () => Promise<void> = () => Promise.resolve();
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    if (request.method === "POST") {
      response.writeHead(200, { "content-type": "text/xml" }).end(CALLER);
      return;
    }
    void stop().then(() => response.writeHead(404).end());
  });

  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  for (const name of ["doctor", "verify", "backfill", "reconcile", "status", "fleet"]) {
    for (const [signal, expected] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      it(`ends with ${expected} after ${signal}: ${name}`, async () => {
        const { port } = server.address() as AddressInfo;
        const env = {
          AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
          AWS_ACCESS_KEY_ID: "test",
          AWS_SECRET_ACCESS_KEY: "test",
          AWS_EC2_METADATA_DISABLED: "true",
          AWS_CONFIG_FILE: "/dev/null",
          AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
        };
        const { code, stderr } = await cli(
          name === "fleet" ? [name] : [name, "acme-data"],
          env,
          (child: ChildProcess) => {
            stop = async () => {
              const heard = once(child.stderr!, "data");
              child.kill(signal);
              await heard;
            };
          },
        );
        strictEqual(code, expected, stderr);
        match(stderr, /once more ends at once/);
      });
    }

    it(`says so in its help: ${name}`, async () => {
      const { stdout } = await cli([name, "--help"]);
      match(stdout, /130 stopped by Ctrl-C, 143 by SIGTERM/);
    });
  }
});

describe("an offline apply that is told to stop", () => {
  /** A test takes until somebody ends it. */
  const untilEnded = (started: string) => `
trap 'kill $!; mv "${started}" "${started}.ended"' TERM
touch '${started}'
sleep 60 & wait $!
`;

  for (const [signal, expected] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    it(`ends with ${expected} after ${signal}, ends Terraform, and leaves no copy of the directory`, () =>
      inDirectory({ "plan.json": JSON.stringify(planOf(pair())) }, async (directory) => {
        const at = (name: string) => join(directory, name);
        for (const name of ["root", "root/.terraform", "programs", "temporary"]) mkdirSync(at(name));
        standIn(at("programs"), "terraform", "1.11.4", untilEnded(at("started")));
        const args = ["--terraform-directory", at("root"), "--plan", at("plan.json")];
        const env = {
          PATH: `${at("programs")}${delimiter}${process.env.PATH}`,
          TMPDIR: at("temporary"),
          NODE_COMPILE_CACHE: at("cache"),
        };
        let copies: string[] = [];
        const ended = async (child: ChildProcess) => {
          while (!existsSync(at("started"))) await setTimeout(10);
          copies = readdirSync(at("temporary"));
          child.kill(signal);
        };
        const { code, stderr } = await cli(["rehearse", ...args], env, (child) => void ended(child));
        strictEqual(code, expected, stderr);
        strictEqual(copies.length, 1);
        deepStrictEqual(readdirSync(at("temporary")), []);
        while (!existsSync(at("started.ended"))) await setTimeout(10);
      }));
  }
});
