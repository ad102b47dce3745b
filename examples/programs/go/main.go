// Both accounts of a pair in one stack. Change the account ids, Regions and bucket names.
package main

import (
	"example.com/pulumi-s3-replication/sdk/go/s3replication"
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		receiving, err := aws.NewProvider(ctx, "receiving", &aws.ProviderArgs{
			Region:            pulumi.String("eu-west-1"),
			AllowedAccountIds: pulumi.ToStringArray([]string{"222222222222"}),
		})
		if err != nil {
			return err
		}
		sending, err := aws.NewProvider(ctx, "sending", &aws.ProviderArgs{
			Region:            pulumi.String("us-east-1"),
			AllowedAccountIds: pulumi.ToStringArray([]string{"111111111111"}),
		})
		if err != nil {
			return err
		}

		archive, err := s3replication.NewReplicationDestination(ctx, "archive", &s3replication.ReplicationDestinationArgs{
			AccountId:  "222222222222",
			Region:     "eu-west-1",
			BucketName: "acme-archive",
			Sources:    []s3replication.ReplicationSourceGrantArgs{{AccountId: pulumi.StringRef("111111111111")}},
		}, pulumi.Providers(receiving))
		if err != nil {
			return err
		}

		data, err := s3replication.NewReplicationSource(ctx, "data", &s3replication.ReplicationSourceArgs{
			AccountId:  "111111111111",
			Region:     "us-east-1",
			BucketName: "acme-data",
			Destinations: map[string]s3replication.ReplicationDestinationReferenceArgs{
				"archive": {Contract: archive.Contract},
			},
			Rules: []s3replication.ReplicationRuleArgs{{Id: "everything"}},
		}, pulumi.Providers(sending))
		if err != nil {
			return err
		}

		ctx.Export("roleArn", data.RoleArn)
		ctx.Export("failureQueueUrl", data.FailureQueueUrl)
		return nil
	})
}
