/** Set-ups of the kinds that people publish, each as a plan and as a state: what is told of them. */
import { deepStrictEqual, match, strictEqual } from "node:assert";
import { describe, it } from "mocha";
import {
  accountsOf,
  planOf as wholePlanOf,
  stateOf,
  type WrittenResource,
} from "../../../bench/src/programs/terraformPlan";
import { readTerraform } from "../../../src/readers/terraform/fromTerraform";
import { parseTerraform } from "../../../src/readers/terraform/terraformFile";
import type { Report } from "../../../src/rehearsal/report/report";
import {
  constant,
  created,
  DESTINATION,
  pair,
  planOf,
  type PlannedResource,
  reference,
  rehearsed,
  SOURCE,
} from "./support";

const ROLE = `arn:aws:iam::${SOURCE}:role/copies`;
const KEYS = {
  data: `arn:aws:kms:eu-west-1:${SOURCE}:key/11111111-2222-3333-4444-555555555555`,
  copies: `arn:aws:kms:eu-central-1:${SOURCE}:key/66666666-7777-8888-9999-000000000000`,
};
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: readonly string[], Resource: string, more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});

/** A resource in one of the two places. */
const at =
  (account: string, region: string) =>
  (type: string, name: string, values: Readonly<Record<string, unknown>>): WrittenResource => ({
    type,
    name,
    account,
    region,
    values,
  });
const here = at(SOURCE, "eu-west-1");
const there = at(SOURCE, "eu-central-1");
const elsewhere = at(DESTINATION, "eu-central-1");

const bucket = (place: typeof here, name: string, more: object = {}) => [
  place("aws_s3_bucket", name, { id: `acme-${name}`, bucket: `acme-${name}`, ...more }),
];
const versioned = (place: typeof here, name: string) => [
  ...bucket(place, name, { region: place === here ? "eu-west-1" : "eu-central-1" }),
  place("aws_s3_bucket_versioning", name, {
    id: `acme-${name}`,
    bucket: `acme-${name}`,
    versioning_configuration: [{ status: "Enabled" }],
  }),
];
const role = (policy: string) => [
  here("aws_iam_role", "copies", {
    id: "copies",
    name: "copies",
    path: "/",
    arn: ROLE,
    assume_role_policy: TRUST,
  }),
  here("aws_iam_role_policy", "copies", { id: "copies:copies", role: "copies", name: "copies", policy }),
];
const reading = [
  allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], "arn:aws:s3:::acme-data"),
  allow(
    ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
    "arn:aws:s3:::acme-data/*",
  ),
];
const writing = allow(
  ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
  "arn:aws:s3:::acme-copies/*",
);
const replication = (rule: object) =>
  here("aws_s3_bucket_replication_configuration", "data", {
    id: "acme-data",
    bucket: "acme-data",
    role: ROLE,
    rule: [rule],
  });

const fromState = (resources: readonly WrittenResource[]): Report =>
  rehearsed([stateOf(resources)], accountsOf(resources));
const fromPlan = (resources: readonly WrittenResource[]): Report =>
  rehearsed([wholePlanOf(resources)], accountsOf(resources));

/** The same with a first deployment's plan, in which one document is not known. */
function fromFirstPlan(
  resources: readonly WrittenResource[],
  unknown: PlannedResource,
  ...more: PlannedResource[]
) {
  const providers = Object.fromEntries(
    ["eu-west-1", "eu-central-1"].map((region) => [
      region === "eu-west-1" ? "aws" : "aws.replica",
      { expressions: { region: constant(region), allowed_account_ids: constant([SOURCE]) } },
    ]),
  );
  const planned = [
    ...resources
      .filter(({ type, name }) => `${type}.${name}` !== unknown.address)
      .map(({ type, name, region, values: { id: _id, arn: _arn, ...after } }) =>
        created(type, name, after, {
          unknown: { id: true, arn: true },
          ...(region === "eu-west-1" ? {} : { provider: "aws.replica" }),
        }),
      ),
    unknown,
    ...more,
  ];
  const plan = planOf(planned) as unknown as { configuration: { provider_config: unknown } };
  plan.configuration.provider_config = providers;
  return rehearsed([plan]);
}

describe("two Regions of one account, the replicas' permission in a deferred document", () => {
  const resources = [
    ...versioned(here, "data"),
    ...versioned(there, "copies"),
    ...role(document(...reading, writing)),
    replication({
      id: "all",
      priority: 0,
      status: "Enabled",
      filter: [{ prefix: "" }],
      delete_marker_replication: [{ status: "Enabled" }],
      destination: [{ bucket: "arn:aws:s3:::acme-copies", storage_class: "STANDARD" }],
    }),
  ];

  it("are proven from the state", () => strictEqual(fromState(resources).verdict, "proven"));

  it("are unproven from the plan, which names the document", () => {
    const ofDocument = created(
      "aws_iam_role_policy",
      "copies",
      { role: "copies", name: "copies" },
      {
        unknown: { policy: true },
        expressions: { policy: reference("data.aws_iam_policy_document.copies.json") },
      },
    );
    const deferred: PlannedResource = {
      address: "data.aws_iam_policy_document.copies",
      mode: "data",
      type: "aws_iam_policy_document",
      name: "copies",
      after: {
        statement: [...reading, writing].map(({ Action, Resource }, index) => ({
          actions: Action,
          resources: index === 2 ? [null] : [Resource],
        })),
      },
      unknown: { json: true, statement: [{}, {}, { resources: [true] }] },
      expressions: { statement: [{}, {}, { resources: reference("aws_s3_bucket.copies.arn") }] },
    };
    const { verdict, objects } = fromFirstPlan(resources, ofDocument, deferred);
    strictEqual(verdict, "unproven");
    match(JSON.stringify(objects), /data\.aws_iam_policy_document\.copies/);
  });
});

describe("blocks of the bucket itself, as they were written before version 4 of the provider", () => {
  const resources = (trusted: string) => [
    here("aws_s3_bucket", "data", {
      id: "acme-data",
      bucket: "acme-data",
      region: "eu-west-1",
      versioning: [{ enabled: true, mfa_delete: false }],
      replication_configuration: [
        {
          role: ROLE,
          rules: [
            {
              id: "reports",
              prefix: "reports/",
              status: "Enabled",
              filter: [],
              destination: [{ bucket: "arn:aws:s3:::acme-copies", storage_class: "STANDARD" }],
            },
          ],
        },
      ],
    }),
    ...role(document(...reading, writing)),
    elsewhere("aws_s3_bucket", "copies", {
      id: "acme-copies",
      bucket: "acme-copies",
      region: "eu-central-1",
      versioning: [{ enabled: true, mfa_delete: false }],
      policy: document({
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${trusted}:root` },
        Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
        Resource: "arn:aws:s3:::acme-copies/reports/*",
      }),
    }),
  ];

  it("are read from the plan and from the pulled state alike", () => {
    for (const told of [fromPlan(resources(SOURCE)), fromState(resources(SOURCE))]) {
      deepStrictEqual(
        told.objects.filter(({ kind }) => kind === "SSE-S3").map(({ rule, outcome }) => [rule, outcome]),
        [["reports", "COMPLETED"]],
      );
    }
  });

  it("are broken in both where the destination trusts another account", () => {
    const other = resources("333333333333");
    deepStrictEqual([fromPlan(other).verdict, fromState(other).verdict], ["broken", "broken"]);
  });
});

describe("a filter without a setting for delete markers", () => {
  it("is refused by S3, from the plan and from the state", () => {
    const resources = [
      ...versioned(here, "data"),
      ...versioned(there, "copies"),
      ...role(document(...reading, writing)),
      replication({
        id: "some",
        priority: 0,
        status: "Enabled",
        filter: [{ prefix: "some" }],
        delete_marker_replication: [],
        destination: [{ bucket: "arn:aws:s3:::acme-copies", storage_class: "STANDARD" }],
      }),
    ];
    for (const { verdict, refusals } of [fromPlan(resources), fromState(resources)]) {
      strictEqual(verdict, "broken");
      match(refusals[0]?.message ?? "", /DeleteMarkerReplication must be specified/);
    }
  });
});

describe("keys of one account with conditions on service and encryption context, and an archive as the destination", () => {
  const conditions = (region: string, name: string) => ({
    Condition: {
      StringLike: {
        "kms:ViaService": `s3.${region}.amazonaws.com`,
        "kms:EncryptionContext:aws:s3:arn": `arn:aws:s3:::acme-${name}/*`,
      },
    },
  });
  const encrypted = (place: typeof here, name: "data" | "copies") => [
    place("aws_kms_key", name, {
      id: KEYS[name].split("/")[1],
      arn: KEYS[name],
      key_id: KEYS[name].split("/")[1],
    }),
    ...versioned(place, name),
    place("aws_s3_bucket_server_side_encryption_configuration", name, {
      bucket: `acme-${name}`,
      rule: [
        {
          bucket_key_enabled: false,
          apply_server_side_encryption_by_default: [
            { sse_algorithm: "aws:kms", kms_master_key_id: KEYS[name] },
          ],
        },
      ],
    }),
  ];
  const permissions = document(
    ...reading,
    writing,
    allow(["kms:Decrypt"], KEYS.data, conditions("eu-west-1", "data")),
    allow(["kms:Encrypt", "kms:GenerateDataKey"], KEYS.copies, conditions("eu-central-1", "copies")),
  );
  const resources = [
    ...encrypted(here, "data"),
    ...encrypted(there, "copies"),
    ...role(permissions),
    replication({
      id: "archive",
      priority: 0,
      status: "Enabled",
      filter: [{ prefix: "" }],
      delete_marker_replication: [{ status: "Enabled" }],
      source_selection_criteria: [
        {
          replica_modifications: [{ status: "Enabled" }],
          sse_kms_encrypted_objects: [{ status: "Enabled" }],
        },
      ],
      destination: [
        {
          bucket: "arn:aws:s3:::acme-copies",
          storage_class: "GLACIER",
          encryption_configuration: [{ replica_kms_key_id: KEYS.copies }],
        },
      ],
    }),
  ];

  it("are proven from the state", () => {
    const { verdict, unread } = fromState(resources);
    strictEqual(verdict, "proven", unread.join());
  });

  it("are unproven from a plan in which the role's policy is one unknown text", () => {
    const ofText = created(
      "aws_iam_role_policy",
      "copies",
      { role: "copies", name: "copies" },
      {
        unknown: { policy: true },
        expressions: { policy: reference("aws_s3_bucket.data.arn", "aws_kms_key.data.arn") },
      },
    );
    const { verdict, unread } = fromFirstPlan(resources, ofText);
    strictEqual(verdict, "unproven");
    match(unread.join("\n"), /policy of aws_iam_role_policy\.copies is known only after the apply/);
  });
});

describe("an ACL that is planned for a bucket without ACLs", () => {
  const acl = (more: Partial<PlannedResource> = {}) =>
    created("aws_s3_bucket_acl", "data", { bucket: "acme-data", acl: "private" }, more);
  const rule = {
    id: "all",
    status: "Enabled",
    filter: [{}],
    delete_marker_replication: [{ status: "Enabled" }],
    destination: [{ bucket: "arn:aws:s3:::acme-replica", storage_class: null }],
  };

  it("is told as refused, and changes nothing where nothing waits for it", () => {
    const [reading] = readTerraform([parseTerraform(planOf(pair(acl())), "plan", "plan.json")], {});
    match(reading?.assumptions?.join("\n") ?? "", /S3 refuses aws_s3_bucket_acl\.data .* nothing here waits/);
    strictEqual(rehearsed([planOf(pair(acl()))]).verdict, "proven");
  });

  it("leaves open whether a replication is made that refers to it", () => {
    const waiting = created(
      "aws_s3_bucket_replication_configuration",
      "data",
      { bucket: "acme-data", rule: [rule] },
      {
        unknown: { role: true },
        expressions: {
          role: reference("aws_iam_role.replication.arn"),
          bucket: reference("aws_s3_bucket_acl.data.bucket"),
        },
      },
    );
    const { verdict, unread } = rehearsed([planOf(pair(acl(), waiting))]);
    strictEqual(verdict, "unproven");
    match(unread.join("\n"), /aws_s3_bucket_replication_configuration\.data waits for it/);
  });

  it("leaves open whether a module is made that waits for the ACL's module, or for one around it", () => {
    const module = "module.around.module.data";
    const own = { ...acl(), address: `${module}.aws_s3_bucket_acl.data`, module };
    const resource = (address: string) => ({ address, provider_config_key: "aws", expressions: {} });
    const written = (inAround: object, inRoot: object) => {
      const resources = pair();
      const { configuration } = planOf(resources);
      const data = { module: { resources: [resource("aws_s3_bucket_acl.data")] } };
      const around = { module: { module_calls: { data, ...inAround } } };
      const root_module = {
        ...(configuration?.root_module as object),
        module_calls: { around, ...inRoot },
      };
      return planOf([...resources, own], { configuration: { ...configuration, root_module } });
    };
    const waitingFor = (...depends_on: string[]) => ({
      copies: { depends_on, module: { resources: [resource("aws_s3_bucket_replication_configuration.x")] } },
    });
    strictEqual(rehearsed([written(waitingFor("module.data"), {})]).verdict, "unproven");
    const { verdict, unread } = rehearsed([written({}, waitingFor("module.around"))]);
    strictEqual(verdict, "unproven");
    match(unread.join("\n"), /and module\.copies waits for it, so that the apply stops before it/);
    const alarms = { depends_on: ["module.around"], module: { resources: [resource("aws_sns_topic.x")] } };
    strictEqual(rehearsed([written(waitingFor("module.other"), { alarms })]).verdict, "proven");
  });

  it("is no matter where the bucket has ACLs", () => {
    const controls = created("aws_s3_bucket_ownership_controls", "data", {
      bucket: "acme-data",
      rule: [{ object_ownership: "BucketOwnerPreferred" }],
    });
    const [reading] = readTerraform([parseTerraform(planOf(pair(acl(), controls)), "plan", "plan.json")], {});
    strictEqual(reading?.assumptions, undefined);
  });
});

describe("a new bucket that is to have an ACL from the start", () => {
  const logs = (acl: string, more: Partial<PlannedResource> = {}) =>
    created(
      "aws_s3_bucket",
      "logs",
      { bucket: "acme-logs", acl },
      { unknown: { arn: true, id: true }, ...more },
    );
  /** The source with its access log, as old configurations have it. */
  const logged = created(
    "aws_s3_bucket",
    "data",
    { bucket: "acme-data", logging: [{ target_prefix: "log/" }] },
    {
      unknown: { arn: true, id: true, policy: true, logging: [{ target_bucket: true }] },
      expressions: { logging: [{ target_bucket: reference("aws_s3_bucket.logs.id") }] },
    },
  );

  it("leaves open what refers to it, as S3 does not make it", () => {
    const { verdict, unread } = rehearsed([planOf(pair(logs("log-delivery-write"), logged))]);
    strictEqual(verdict, "unproven");
    match(
      unread.join("\n"),
      /S3 refuses aws_s3_bucket\.logs in root0\.json \(InvalidBucketAclWithObjectOwnership\): it is to have the ACL 'log-delivery-write'/,
    );
  });

  it("leaves open what refers to what refers to it", () => {
    const copies = created(
      "aws_s3_bucket",
      "copies",
      { bucket: "acme-copies" },
      { expressions: { tags: { references: ["aws_s3_bucket.logs.arn", "aws_s3_bucket.logs"] } } },
    );
    const waiting = created(
      "aws_s3_bucket_versioning",
      "copies",
      {},
      {
        unknown: { bucket: true },
        expressions: { bucket: reference("aws_s3_bucket.copies.id") },
      },
    );
    strictEqual(rehearsed([planOf(pair(logs("public-read"), copies, waiting))]).verdict, "unproven");
  });

  it("leaves open what another module is told of it", () => {
    const module = "module.logs";
    const own = { ...logs("log-delivery-write"), address: `${module}.aws_s3_bucket.logs`, module };
    const written = (outputs: object) => {
      const resources = pair();
      const { configuration } = planOf(resources);
      const inner = {
        resources: [{ address: "aws_s3_bucket.logs", provider_config_key: "aws", expressions: {} }],
        outputs,
      };
      const root_module = {
        ...(configuration?.root_module as object),
        module_calls: { logs: { module: inner } },
      };
      return planOf([...resources, own], { configuration: { ...configuration, root_module } });
    };
    strictEqual(
      rehearsed([written({ id: { expression: reference("aws_s3_bucket.logs.id") } })]).verdict,
      "unproven",
    );
    strictEqual(rehearsed([written({})]).verdict, "proven");
  });

  it("changes nothing for others where nothing waits for it, and it keeps no versions", () => {
    const plan = planOf(pair(logs("log-delivery-write")));
    const [reading] = readTerraform([parseTerraform(plan, "plan", "plan.json")], {});
    match(reading?.assumptions?.join("\n") ?? "", /S3 refuses aws_s3_bucket\.logs .* nothing here waits/);
    strictEqual(rehearsed([plan]).verdict, "proven");
    const versions = created("aws_s3_bucket_versioning", "logs", {
      bucket: "acme-logs",
      versioning_configuration: [{ status: "Enabled" }],
    });
    strictEqual(rehearsed([planOf(pair(logs("log-delivery-write"), versions))]).verdict, "unproven");
  });

  it("is made where the ACL gives nobody else access, or where the bucket is there already", () => {
    const there = { actions: ["no-op"], before: { id: "acme-logs", bucket: "acme-logs" }, unknown: {} };
    for (const bucket of [logs("private"), logs("log-delivery-write", there)]) {
      strictEqual(rehearsed([planOf(pair(bucket, logged))]).verdict, "proven");
    }
  });
});
