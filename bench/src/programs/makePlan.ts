/** Writes a plan of Terraform: `makePlan.js <pairs> <resources> <file>`, with resources that have no say for the rest. */
import { writeFileSync } from "node:fs";
import { measured } from "../harness/measured";
import { pairsSnapshot } from "./snapshots";
import { planOf, resourcesOf, type WrittenResource } from "./terraformPlan";

const [pairs, count, file = ""] = process.argv.slice(2);

/** A queue, as large in a plan as most resources are. */
function other(index: number): WrittenResource {
  const [account, region] = ["111111111111", "eu-west-1"];
  const name = `queue-${index}`;
  return {
    type: "aws_sqs_queue",
    name,
    account,
    region,
    values: {
      name,
      visibility_timeout_seconds: 30,
      message_retention_seconds: 345_600,
      max_message_size: 262_144,
      delay_seconds: 0,
      fifo_queue: false,
      tags: { Team: "storage", Service: name },
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" }],
      }),
    },
  };
}

void measured(() =>
  Promise.resolve(async () => {
    // Every new bucket has the ownership that pairs have: nobody needs to write it.
    const ours = resourcesOf(await pairsSnapshot(Number(pairs))).filter(
      ({ type }) => type !== "aws_s3_bucket_ownership_controls",
    );
    const others = Array.from({ length: Math.max(0, Number(count) - ours.length) }, (_, index) =>
      other(index),
    );
    writeFileSync(file, JSON.stringify(planOf([...ours, ...others])));
  }),
);
