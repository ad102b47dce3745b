/** N pairs, built with the components of this package. */
import { Provider } from "@pulumi/aws/provider";
import { ReplicationDestination, ReplicationSource } from "../../../bin/index";
import { ALARM_TOPIC, DESTINATION, pairs, SOURCE } from "./pairs";

export function components(count: number): void {
  const receiving = new Provider("receiving", {
    region: DESTINATION.region,
    allowedAccountIds: [DESTINATION.accountId],
  });
  const sending = new Provider("sending", {
    region: SOURCE.region,
    allowedAccountIds: [SOURCE.accountId],
  });
  for (const pair of pairs(count)) {
    const { roleName } = pair;
    const { contract } = new ReplicationDestination(
      pair.destination,
      {
        ...DESTINATION,
        bucketName: pair.destinationBucket,
        sources: [{ accountId: SOURCE.accountId, roleName }],
      },
      { provider: receiving },
    );
    new ReplicationSource(
      pair.source,
      {
        ...SOURCE,
        bucketName: pair.sourceBucket,
        destinations: { archive: { contract } },
        rules: [{ id: "everything" }],
        roleName,
        monitoring: { alarmTopicArns: [ALARM_TOPIC] },
      },
      { provider: sending },
    );
  }
}
