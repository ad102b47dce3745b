import pulumi
import pulumi_aws as aws
from pulumi_s3_replication import ReplicationDestination, ReplicationSource

receiving = aws.Provider("receiving", region="eu-west-1", allowed_account_ids=["222222222222"])
sending = aws.Provider("sending", region="us-east-1", allowed_account_ids=["111111111111"])

archive = ReplicationDestination(
    "archive",
    account_id="222222222222",
    region="eu-west-1",
    bucket_name="acme-archive",
    sources=[{"account_id": "111111111111"}],
    opts=pulumi.ResourceOptions(providers=[receiving]),
)

data = ReplicationSource(
    "data",
    account_id="111111111111",
    region="us-east-1",
    bucket_name="acme-data",
    destinations={"archive": {"contract": archive.contract}},
    rules=[{"id": "everything"}],
    opts=pulumi.ResourceOptions(providers=[sending]),
)

pulumi.export("roleArn", data.role_arn)
pulumi.export("failureQueueUrl", data.failure_queue_url)
