/**
 * AWS in this process, as a snapshot says it: every question is answered at once and without the SDK's own work, so that
 * what is measured is ours. Only who the caller is goes over loopback.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { SharedAnswers } from "../../../bin/aws/sharedAnswers";
import type { Snapshot } from "../../../bin/snapshot/snapshot";

type Input = Readonly<Record<string, string>>;
type Answer = (input: Input, accountId: string) => object;

/** Every client of every account answers from the snapshot from now on. @returns What ends the stand-in. */
export async function standIn(snapshot: Snapshot): Promise<() => void> {
  const answers = answersOf(snapshot);
  const attach = Reflect.get(SharedAnswers.prototype, "attachTo") as SharedAnswers["attachTo"];
  SharedAnswers.prototype.attachTo = function (client, place) {
    const accountId = /^arn:aws:sts::(\d{12}):/.exec(place)?.[1] ?? "";
    Object.assign(client, {
      send: async (command: { readonly input: Input }) => {
        const name = command.constructor.name.replace(/Command$/, "");
        const answer = answers[name];
        if (answer === undefined) throw new Error(`nobody answers ${name}`);
        return Promise.resolve({ $metadata: {}, ...answer(command.input, accountId) });
      },
    });
    attach.call(this, client, place);
  };
  const server = createServer((request, response) => {
    void sts(request).then((text) => response.writeHead(200, { "content-type": "text/xml" }).end(text));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: "caller",
    AWS_SECRET_ACCESS_KEY: "bench",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  });
  return () => {
    server.closeAllConnections();
    server.close();
  };
}

/** The account of a session is in the name of its key. */
async function sts(request: IncomingMessage): Promise<string> {
  const body = Buffer.concat((await request.toArray()) as Buffer[]).toString();
  const role = /RoleArn=arn%3Aaws%3Aiam%3A%3A(\d{12})/.exec(body)?.[1];
  if (role !== undefined) {
    return `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA${role}</AccessKeyId><SecretAccessKey>bench</SecretAccessKey><SessionToken>bench</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
  }
  const account = /Credential=ASIA(\d{12})/.exec(request.headers.authorization ?? "")?.[1];
  return `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::${account}:assumed-role/reader/bench</Arn><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
}

/** By operation. */
function answersOf({ accounts, buckets, keys }: Snapshot): Readonly<Record<string, Answer>> {
  const bucketOf = ({ Bucket, ExpectedBucketOwner }: Input) => {
    const bucket = buckets[`arn:aws:s3:::${Bucket}`] ?? failing("NoSuchBucket", 404);
    const isExpected = ExpectedBucketOwner === undefined || ExpectedBucketOwner === bucket.account;
    return isExpected ? bucket : failing("AccessDenied", 403);
  };
  const keyOf = ({ KeyId = "" }: Input) => keys[KeyId] ?? failing("NotFoundException", 404);
  const roleOf = ({ RoleName }: Input, accountId: string) => {
    const roles = Object.entries(accounts[accountId]?.roles ?? {});
    const found = roles.find(([arn]) => arn.endsWith(`/${RoleName}`)) ?? failing("NoSuchEntity", 404);
    return { arn: found[0], state: found[1] };
  };
  const written = (document: unknown) => encodeURIComponent(textOf(document));
  return {
    ListBuckets: (_, accountId) => ({
      Buckets: Object.entries(buckets).flatMap(([arn, { account, region }]) =>
        account === accountId ? [{ Name: arn.slice("arn:aws:s3:::".length), BucketRegion: region }] : [],
      ),
    }),
    HeadBucket: (input) => ({ BucketRegion: bucketOf(input).region }),
    GetBucketReplication: (input) => ({
      ReplicationConfiguration:
        bucketOf(input).replication ?? failing("ReplicationConfigurationNotFoundError", 404),
    }),
    GetBucketVersioning: (input) => ({ Status: bucketOf(input).versioning }),
    GetBucketOwnershipControls: (input) => ({
      OwnershipControls: { Rules: [{ ObjectOwnership: bucketOf(input).ownership }] },
    }),
    GetBucketPolicy: (input) => ({
      Policy: textOf(bucketOf(input).policy ?? failing("NoSuchBucketPolicy", 404)),
    }),
    GetBucketEncryption: (input) => {
      const { algorithm, keyArn, bucketKeyEnabled } = bucketOf(input).encryption ?? { algorithm: "AES256" };
      const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: algorithm, KMSMasterKeyID: keyArn };
      const rule = { ApplyServerSideEncryptionByDefault, BucketKeyEnabled: bucketKeyEnabled };
      return { ServerSideEncryptionConfiguration: { Rules: [rule] } };
    },
    GetObjectLockConfiguration: () => failing("ObjectLockConfigurationNotFoundError", 404),
    GetBucketRequestPayment: () => ({ Payer: "BucketOwner" }),
    GetPublicAccessBlock: () => ({ PublicAccessBlockConfiguration: {} }),
    GetBucketNotificationConfiguration: () => ({}),
    GetRole: (input, accountId) => {
      const { arn, state } = roleOf(input, accountId);
      return { Role: { Arn: arn, AssumeRolePolicyDocument: written(state.trust) } };
    },
    ListRolePolicies: (input, accountId) => ({
      PolicyNames: roleOf(input, accountId).state.policies.map((_, index) => String(index)),
    }),
    GetRolePolicy: (input, accountId) => ({
      PolicyDocument: written(roleOf(input, accountId).state.policies[Number(input.PolicyName)]),
    }),
    ListAttachedRolePolicies: () => ({ AttachedPolicies: [] }),
    DescribeKey: (input) => {
      const { state, manager, multiRegion } = keyOf(input);
      const metadata = { Arn: input.KeyId, KeyState: state, KeyManager: manager, MultiRegion: multiRegion };
      return { KeyMetadata: metadata };
    },
    GetKeyPolicy: (input) => ({ Policy: textOf(keyOf(input).policy) }),
    ListGrants: () => ({ Grants: [] }),
    DescribeOrganization: () => failing("AWSOrganizationsNotInUseException", 404),
    GetMetricData: () => ({ MetricDataResults: [] }),
    DescribeAlarms: () => ({ MetricAlarms: [], CompositeAlarms: [] }),
  };
}

const textOf = (document: unknown) => (typeof document === "string" ? document : JSON.stringify(document));

function failing(name: string, httpStatusCode: number): never {
  throw Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
}
