/** CloudWatch dashboards of the rules' metrics and of the failure queue. */
import * as pulumi from "@pulumi/pulumi";
import { Dashboard } from "@pulumi/aws/cloudwatch/dashboard";
import { dashboardBody, dashboardName, dashboardRows } from "../../replication/monitoring/dashboards";
import type { Watched } from "./watched";

export function dashboards(
  name: string,
  watched: Watched,
  queueName: pulumi.Input<string> | undefined,
  alarmNames: readonly string[],
  options: pulumi.CustomResourceOptions,
): void {
  for (const [index, rows] of dashboardRows(watched.rules).entries()) {
    const number = index === 0 ? "" : `-${index + 1}`;
    new Dashboard(
      `${name}-dashboard${number}`,
      {
        region: watched.region,
        dashboardName: `${dashboardName(watched.bucketArn)}${number}`,
        dashboardBody: pulumi
          .all([watched.destinationBuckets, queueName])
          .apply(([buckets, queue]) =>
            JSON.stringify(dashboardBody(watched, rows, buckets, alarmNames, queue)),
          ),
      },
      options,
    );
  }
}
