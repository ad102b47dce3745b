import * as aws from "@pulumi/aws";
import { readNotification, readReplicationRules, ReplicationWatch } from "s3-replication";

const accountId = "111111111111";
const provider = new aws.Provider("account", { region: "us-east-1", allowedAccountIds: [accountId] });

/** Buckets that are watched already: a ReplicationSource watches its own, and two would write over each other. */
const watchedElsewhere = new Set<string>([]);

/** Alarms notify topics of their own Region. */
const topics = new Map<string, aws.sns.Topic>();
function topicOf(region: aws.Region): aws.sns.Topic {
  const topic = topics.get(region) ?? new aws.sns.Topic(`on-call-${region}`, { region }, { provider });
  topics.set(region, topic);
  return topic;
}

export = async () => {
  const { buckets } = await aws.s3.getBuckets({}, { provider });
  const watched: string[] = [];
  for (const { name: bucketName, bucketRegion } of buckets) {
    if (watchedElsewhere.has(bucketName)) continue;
    const region = bucketRegion as aws.Region;
    const rules = await readReplicationRules(bucketName, region, { provider });
    if (rules.length === 0) continue;
    const notification = await readNotification(bucketName, region, { provider });
    const monitoring = { alarmTopicArns: [topicOf(region).arn] };
    const args = { accountId, region, bucketName, rules, notification, monitoring };
    new ReplicationWatch(bucketName, args, { provider });
    watched.push(bucketName);
  }
  return { watched };
};
