/** What the commands about the replication of one bucket on AWS have in common. */
import type { Command } from "commander";
import { InvalidInputError, show } from "../../input/problems";
import { BUCKET_NAME } from "../../naming/names";

/** Exit codes of every command that was told to stop, for its help. */
export const STOPPED_CODES = "130 stopped by Ctrl-C, 143 by SIGTERM";

/** A command about the replication of one bucket on AWS. */
export function sourceBucketCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument("<source-bucket>", "name of the bucket whose objects are replicated", bucketName);
}

/** @throws InvalidInputError */
function bucketName(text: string): string {
  if (BUCKET_NAME.test(text)) return text;
  throw new InvalidInputError("<source-bucket>", [`${BUCKET_NAME.mustBe}, got ${show(text)}`]);
}
