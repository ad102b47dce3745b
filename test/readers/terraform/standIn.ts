/** Scripts that stand for Terraform and OpenTofu where a test is about what is asked of them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @param directory That is to be on the PATH.
 * @param lines Of a shell script: what it does when it is asked for anything but its version. Default: nothing.
 */
export function standIn(directory: string, name: string, version: string, lines = ""): void {
  const told = `echo 'Warning: some configuration'\necho '{"terraform_version": "${version}"}'`;
  writeFileSync(
    join(directory, name),
    `#!/bin/sh\nif [ "$1" = version ]; then\n${told}\nexit\nfi\n${lines}\n`,
    {
      mode: 0o755,
    },
  );
}
