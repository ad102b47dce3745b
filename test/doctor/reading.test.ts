/** The reading of both accounts with a mocked SDK: every refusal, throttling, many pages. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from "@aws-sdk/client-iam";
import { DescribeKeyCommand, GetKeyPolicyCommand, ListGrantsCommand } from "@aws-sdk/client-kms";
import {
  DescribeOrganizationCommand,
  ListParentsCommand,
  ListPoliciesForTargetCommand,
} from "@aws-sdk/client-organizations";
import {
  GetBucketEncryptionCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
} from "@aws-sdk/client-s3";
import { GetPublicAccessBlockCommand as GetAccountPublicAccessBlockCommand } from "@aws-sdk/client-s3-control";
import { parseSnapshot } from "../../src/snapshot/snapshotFile";
import { DESTINATION_ACCOUNT, REPLICA_KEY, ROLE, SOURCE, SOURCE_ACCOUNT } from "../proof/setUp";
import { ORGANIZATION, failing, MockedAccounts, pair, read, refused } from "./mockedAccounts";

describe("the reading of both accounts", () => {
  let mocked: MockedAccounts;
  beforeEach(() => {
    process.env.AWS_ACCESS_KEY_ID = "AKIAUNSEEN";
    process.env.AWS_SECRET_ACCESS_KEY = "unseen";
    mocked = new MockedAccounts(pair());
  });
  afterEach(() => {
    mocked.restore();
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
  });

  it("proves a pair that is as it should be, and leaves no question open", async () => {
    const { snapshot, diagnosis } = await read();
    deepStrictEqual(diagnosis.live.unanswered, []);
    strictEqual(diagnosis.verdict, "proven");
    deepStrictEqual(
      parseSnapshot(JSON.parse(JSON.stringify(snapshot)), "the snapshot"),
      JSON.parse(JSON.stringify(snapshot)),
    );
    deepStrictEqual(snapshot.accounts[SOURCE_ACCOUNT]?.scps, []);
    deepStrictEqual(snapshot.buckets[SOURCE]?.blockedEncryptionTypes, ["SSE-C"]);
  });

  /** Each call that can be refused, and the action that its caller lacks. */
  const CALLS: readonly (readonly [string, (m: MockedAccounts) => unknown])[] = [
    ["s3:GetBucketVersioning", (m) => m.s3.on(GetBucketVersioningCommand).rejects(refused("AccessDenied"))],
    [
      "s3:GetBucketOwnershipControls",
      (m) => m.s3.on(GetBucketOwnershipControlsCommand).rejects(refused("AccessDenied")),
    ],
    ["s3:GetBucketPolicy", (m) => m.s3.on(GetBucketPolicyCommand).rejects(refused("AccessDenied"))],
    [
      "s3:GetEncryptionConfiguration",
      (m) => m.s3.on(GetBucketEncryptionCommand).rejects(refused("AccessDenied")),
    ],
    [
      "s3:GetBucketObjectLockConfiguration",
      (m) => m.s3.on(GetObjectLockConfigurationCommand).rejects(refused("AccessDenied")),
    ],
    [
      "s3:GetBucketRequestPayment",
      (m) => m.s3.on(GetBucketRequestPaymentCommand).rejects(refused("AccessDenied")),
    ],
    [
      "s3:GetBucketPublicAccessBlock",
      (m) => m.s3.on(GetPublicAccessBlockCommand).rejects(refused("AccessDenied")),
    ],
    [
      "s3:GetAccountPublicAccessBlock",
      (m) => m.s3Control.on(GetAccountPublicAccessBlockCommand).rejects(refused("AccessDenied")),
    ],
    [
      "s3:GetReplicationConfiguration",
      (m) => m.s3.on(GetBucketReplicationCommand).rejects(refused("AccessDenied")),
    ],
    ["iam:GetRole", (m) => m.iam.on(GetRoleCommand).rejects(refused("AccessDenied"))],
    ["iam:ListRolePolicies", (m) => m.iam.on(ListRolePoliciesCommand).rejects(refused("AccessDenied"))],
    ["iam:GetRolePolicy", (m) => m.iam.on(GetRolePolicyCommand).rejects(refused("AccessDenied"))],
    [
      "iam:ListAttachedRolePolicies",
      (m) => m.iam.on(ListAttachedRolePoliciesCommand).rejects(refused("AccessDenied")),
    ],
    ["iam:GetPolicy", (m) => m.iam.on(GetPolicyCommand).rejects(refused("AccessDenied"))],
    ["iam:GetPolicyVersion", (m) => m.iam.on(GetPolicyVersionCommand).rejects(refused("AccessDenied"))],
    ["kms:DescribeKey", (m) => m.kms.on(DescribeKeyCommand).rejects(refused("AccessDeniedException"))],
    ["kms:GetKeyPolicy", (m) => m.kms.on(GetKeyPolicyCommand).rejects(refused("AccessDeniedException"))],
    ["kms:ListGrants", (m) => m.kms.on(ListGrantsCommand).rejects(refused("AccessDeniedException"))],
    [
      "organizations:DescribeOrganization",
      (m) => m.organizations.on(DescribeOrganizationCommand).rejects(refused("AccessDeniedException")),
    ],
    [
      "organizations:ListPoliciesForTarget",
      (m) => {
        m.organizations.on(DescribeOrganizationCommand).resolves({
          Organization: { Id: ORGANIZATION, MasterAccountId: "999900009999", FeatureSet: "ALL" },
        });
        m.organizations.on(ListPoliciesForTargetCommand).rejects(refused("AccessDeniedException"));
      },
    ],
  ];

  for (const [action, refuse] of CALLS) {
    it(`proves nothing that ${action} would tell, and names it to a caller who lacks it`, async () => {
      refuse(mocked);
      const { diagnosis, snapshot } = await read();
      strictEqual(diagnosis.verdict, "unproven");
      const actions = new Set(diagnosis.live.unanswered.map((each) => each.action));
      deepStrictEqual([...actions], [action]);
      ok(diagnosis.live.unanswered.every((each) => each.refused));
      match(diagnosis.live.unanswered[0]?.caller ?? "", /assumed-role\/doctor/);
      // What was not read, a rehearsal of the snapshot file does not prove either.
      const { rehearse } = await import("../../src/rehearsal/rehearse");
      strictEqual(rehearse(parseSnapshot(JSON.parse(JSON.stringify(snapshot)), "it")).verdict, "unproven");
    });
  }

  it("reads the lifecycle rules of the source", async () => {
    mocked.s3.on(GetBucketLifecycleConfigurationCommand).resolves({
      Rules: [{ ID: "old", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 30 } }],
    });
    const { snapshot, diagnosis } = await read();
    deepStrictEqual(snapshot.buckets[SOURCE]?.lifecycle, [{ id: "old", status: "Enabled", expires: true }]);
    match(diagnosis.warnings.join("\n"), /neither expire nor move by lifecycle rule 'old'/);
  });

  for (const [action, refuse] of [
    [
      "s3:GetLifecycleConfiguration",
      () => mocked.s3.on(GetBucketLifecycleConfigurationCommand).rejects(refused("AccessDenied")),
    ],
    ["s3:ListBucketVersions", () => mocked.s3.on(ListObjectVersionsCommand).rejects(refused("AccessDenied"))],
    [
      "s3:GetBucketNotification",
      () => mocked.s3.on(GetBucketNotificationConfigurationCommand).rejects(refused("AccessDenied")),
    ],
  ] as const) {
    it(`is as sure of the set-up without ${action}, and says that it could not look`, async () => {
      refuse();
      const { verdict, live } = (await read()).diagnosis;
      deepStrictEqual([verdict, live.unanswered.map((each) => each.action)], ["proven", [action]]);
    });
  }

  it("tells throttling and time-outs from refusals", async () => {
    mocked.kms.on(GetKeyPolicyCommand).rejects(failing("ThrottlingException", 400));
    mocked.iam
      .on(GetRolePolicyCommand)
      .rejects(Object.assign(new Error("socket hang up"), { name: "TimeoutError" }));
    const { verdict, live } = (await read()).diagnosis;
    strictEqual(verdict, "unproven");
    deepStrictEqual(live.unanswered.map(({ action, refused: isRefused }) => [action, isRefused]).sort(), [
      ["iam:GetRolePolicy", false],
      ["kms:GetKeyPolicy", false],
      ["kms:GetKeyPolicy", false],
    ]);
    match(
      live.unanswered.map(({ reason }) => reason).join(),
      /ThrottlingException|TimeoutError: socket hang up/,
    );
  });

  it("reads thousands of grants and policies over all their pages", async () => {
    const pages = 30;
    mocked.kms.on(ListGrantsCommand).callsFake(({ Marker = "0" }: { Marker?: string }) => {
      const page = Number(Marker);
      const Grants = Array.from({ length: 100 }, (_, index) => ({
        GranteePrincipal: index === 0 ? ROLE : "arn:aws:iam::777788889999:role/other",
        Operations: ["Encrypt"],
        Constraints: { EncryptionContextSubset: { page: String(page) } },
      }));
      return page + 1 < pages ? { Grants, Truncated: true, NextMarker: String(page + 1) } : { Grants };
    });
    mocked.iam.on(ListAttachedRolePoliciesCommand).callsFake(({ Marker = "0" }: { Marker?: string }) => {
      const page = Number(Marker);
      const AttachedPolicies = [{ PolicyArn: `arn:aws:iam::aws:policy/p${page}`, PolicyName: `p${page}` }];
      return page < 9
        ? { AttachedPolicies, IsTruncated: true, Marker: String(page + 1) }
        : { AttachedPolicies, IsTruncated: false };
    });
    const { snapshot } = await read();
    const grants = Object.values(snapshot.keys).map((key) => key.grants?.length);
    // The role's own, and of those to another account each once.
    deepStrictEqual(grants, [2 * pages, 2 * pages]);
    const names = snapshot.accounts[SOURCE_ACCOUNT]?.roles[ROLE]?.policyNames;
    deepStrictEqual(names, ["replication", ...Array.from({ length: 10 }, (_, page) => `p${page}`)]);
  });

  it("lists versions page by page, no more than it says, and looks at the newest only", async () => {
    mocked.s3.on(ListObjectVersionsCommand).callsFake(({ KeyMarker = "0" }: { KeyMarker?: string }) => {
      const page = Number(KeyMarker);
      const Versions = Array.from({ length: 1000 }, (_, index) => ({
        Key: `object-${page}-${index}`,
        VersionId: "v",
        LastModified: new Date(Date.UTC(2026, 0, 1) + page * 1000 + index),
      }));
      return { Versions, IsTruncated: true, NextKeyMarker: String(page + 1), NextVersionIdMarker: "v" };
    });
    mocked.s3.on(HeadObjectCommand).resolves({ ReplicationStatus: "COMPLETE" as never });
    const { sample } = (await read(25)).diagnosis.live;
    deepStrictEqual(
      [sample.listed, sample.isWhole, sample.lookedAt, sample.counts.COMPLETED],
      [5000, false, 25, 25],
    );
    const looked = mocked.s3.commandCalls(HeadObjectCommand).map(({ args: [{ input }] }) => input.Key);
    ok(
      looked.every((key) => key?.startsWith("object-4-9")),
      looked.join(),
    );
  });

  it("asks a bucket in its own Region, which S3 tells with its redirection", async () => {
    const redirected = Object.assign(failing("301", 301), {
      $response: { headers: { "x-amz-bucket-region": "eu-west-1" } },
    });
    mocked.s3
      .on(HeadBucketCommand, { Bucket: "acme-invoices-copy", ExpectedBucketOwner: undefined })
      .rejects(redirected);
    const { snapshot } = await read();
    strictEqual(snapshot.buckets["arn:aws:s3:::acme-invoices-copy"]?.region, "eu-west-1");
  });

  it("proves nothing of a pair with an object under a key that could not be read", async () => {
    const keyArn = `arn:aws:kms:${pair().buckets[SOURCE]!.region}:${SOURCE_ACCOUNT}:key/11111111-2222-4333-8444-555555555555`;
    const everyKey = { Effect: "Allow", Action: "kms:*", Resource: "*" };
    const { accounts } = pair();
    const policy = accounts[SOURCE_ACCOUNT]!.roles[ROLE]!.policies[0] as { Statement: unknown[] };
    policy.Statement.push(everyKey);
    mocked.iam.on(GetRolePolicyCommand).resolves({
      PolicyDocument: encodeURIComponent(JSON.stringify(policy)),
    });
    mocked.s3.on(ListObjectVersionsCommand).resolves({
      Versions: [{ Key: "locked", VersionId: "v", LastModified: new Date() }],
    });
    mocked.s3.on(HeadObjectCommand).resolves({
      ReplicationStatus: "FAILED",
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: keyArn,
    });
    mocked.kms.on(DescribeKeyCommand, { KeyId: keyArn }).rejects(refused("AccessDeniedException"));
    mocked.kms.on(GetKeyPolicyCommand, { KeyId: keyArn }).rejects(refused("AccessDeniedException"));
    const { diagnosis } = await read();
    strictEqual(diagnosis.verdict, "unproven");
    strictEqual(diagnosis.live.provenIf, undefined);
    ok(diagnosis.objects.some(({ key, outcome }) => key === "locked" && outcome === "UNPROVEN"));
  });

  for (const [what, metadata] of [
    ["asymmetric", { KeySpec: "RSA_2048" }],
    ["in a state that nobody knows", { KeyState: "Resting" }],
  ] as const) {
    it(`proves nothing where the replicas' key is ${what}`, async () => {
      const keyArn = REPLICA_KEY.replace(DESTINATION_ACCOUNT, SOURCE_ACCOUNT);
      mocked.kms.on(DescribeKeyCommand, { KeyId: keyArn }).resolves({
        KeyMetadata: {
          KeyId: keyArn,
          Arn: keyArn,
          KeyState: "Enabled",
          KeyManager: "CUSTOMER",
          ...metadata,
        } as never,
      });
      const { diagnosis } = await read();
      strictEqual(diagnosis.verdict, "unproven");
    });
  }

  it("takes no grant of a key that is bound to one resource for a grant without bounds", async () => {
    const grant = { GranteePrincipal: ROLE, Operations: ["Encrypt" as const] };
    mocked.kms.on(ListGrantsCommand).resolves({
      Grants: [{ ...grant, Constraints: { SourceArn: "arn:aws:s3:::elsewhere" } }],
    });
    const { snapshot } = await read();
    for (const { grants, unread } of Object.values(snapshot.keys)) {
      deepStrictEqual([grants, unread], [undefined, ["grants"]]);
    }
  });

  it("takes only AWS's own word for it that there is no organization", async () => {
    mocked.organizations.on(DescribeOrganizationCommand).rejects(failing("UnknownOperation", 404));
    const { snapshot, diagnosis } = await read();
    deepStrictEqual([diagnosis.verdict, snapshot.accounts[SOURCE_ACCOUNT]?.scps], ["unproven", null]);
    match(JSON.stringify(diagnosis.live.unanswered), /organizations:DescribeOrganization/);
  });

  it("reads the place of an account in its organization on the way up to the root", async () => {
    const parents = { [SOURCE_ACCOUNT]: "ou-ab12-22222222", "ou-ab12-22222222": "ou-ab12-11111111" };
    mocked.organizations
      .on(DescribeOrganizationCommand)
      .resolves({ Organization: { Id: ORGANIZATION, MasterAccountId: "999900009999", FeatureSet: "ALL" } })
      .on(ListPoliciesForTargetCommand)
      .resolves({ Policies: [] })
      .on(ListParentsCommand)
      .callsFake(({ ChildId }: { ChildId: keyof typeof parents }) => ({
        Parents: [{ Id: parents[ChildId] ?? "r-ab12" }],
      }));
    const { snapshot } = await read();
    const { organizationId, organizationPath, scps } = snapshot.accounts[SOURCE_ACCOUNT] ?? {};
    deepStrictEqual(
      [organizationId, organizationPath, scps],
      [ORGANIZATION, `${ORGANIZATION}/r-ab12/ou-ab12-11111111/ou-ab12-22222222/`, []],
    );
  });

  it("reads the key that an alias stands for, and says so", async () => {
    const alias = REPLICA_KEY.replace(/444455556666:key\/.*/, `${SOURCE_ACCOUNT}:alias/replicas`);
    const keyArn = REPLICA_KEY.replace("444455556666", SOURCE_ACCOUNT);
    const configuration = pair().buckets[SOURCE]!.replication!;
    const text = JSON.stringify(configuration).replaceAll(keyArn, alias);
    mocked.s3
      .on(GetBucketReplicationCommand)
      .resolves({ ReplicationConfiguration: JSON.parse(text) as never });
    mocked.kms.on(DescribeKeyCommand, { KeyId: alias }).resolves({
      KeyMetadata: { KeyId: keyArn, Arn: keyArn, KeyState: "Enabled", KeyManager: "CUSTOMER" },
    });
    const { diagnosis, snapshot } = await read();
    strictEqual(diagnosis.verdict, "proven");
    match(diagnosis.live.notes.join(), /alias\/replicas, which stands for/);
    deepStrictEqual(snapshot.buckets[SOURCE]?.replication?.KeyAliases, { [keyArn]: ["alias/replicas"] });
  });

  it("stops asking when it is told to stop", async () => {
    const controller = new AbortController();
    mocked.s3.on(GetBucketReplicationCommand).callsFake(() => {
      controller.abort();
      throw new Error("aborted");
    });
    await rejects(read(10, controller.signal));
    strictEqual(mocked.iam.calls().length, 0);
  });

  it("shows no credentials", async () => {
    mocked.kms.on(GetKeyPolicyCommand).rejects(refused("AccessDeniedException"));
    const text = JSON.stringify((await read()).diagnosis);
    ok(!/AKIAUNSEEN|unseen/.test(text));
  });
});
