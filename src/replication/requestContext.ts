/** What S3 and KMS put into the context of replication's requests: one table, each entry with how it is known. */
import type { Context, ContextValue } from "../iam";
import { assumptionSentence, type Grade, SESSION_NAME } from "./evidence";
import { ABSENT_KEYS } from "./keysOfOtherRequests";
import { viaS3 } from "./policies";

export interface ContextEntry {
  readonly key: string;
  readonly value: (request: ContextSubject) => ContextValue;
  readonly appliesTo: (service: Service) => boolean;
  readonly evidence: Grade;
  /** For people: what is taken to be so. */
  readonly statement: string;
  readonly source: string;
}

export type Service = "s3" | "kms" | "sts";

/** The request that a context is for. */
export interface ContextSubject {
  readonly service: Service;
  /** Region of the resource. */
  readonly region: string;
}

const known = (...values: string[]): ContextValue => ({ state: "known", values });
const absent: ContextValue = { state: "absent" };

const IAM_KEYS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html";
const KMS_KEYS = "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html";

const always = () => true;
const byRole = (service: Service) => service !== "sts";
const toS3 = (service: Service) => service === "s3";
const toKms = (service: Service) => service === "kms";

export const CONTEXT_ENTRIES: readonly ContextEntry[] = [
  {
    key: "aws:SecureTransport",
    value: () => known("true"),
    appliesTo: always,
    evidence: "assumed",
    statement: "S3's own requests count as sent over TLS, so that aws:SecureTransport is true",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html",
  },
  {
    key: "aws:ViaAWSService",
    value: () => known("false"),
    appliesTo: toS3,
    evidence: "documented",
    statement: "a service that uses a service role does not set aws:ViaAWSService",
    source: IAM_KEYS,
  },
  {
    key: "aws:ViaAWSService",
    value: () => known("true"),
    appliesTo: toKms,
    evidence: "documented",
    statement: "S3 uses a key on behalf of whoever reads or writes the object (aws:ViaAWSService is true)",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html",
  },
  ...[
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
    "aws:VpcSourceIp",
  ].map((key): ContextEntry => ({
    key,
    value: () => absent,
    appliesTo: () => true,
    evidence: "documented",
    statement: `S3's own requests come from no VPC (${key} is absent)`,
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-troubleshoot.html",
  })),
  ...["aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths"].map(
    (key): ContextEntry => ({
      key,
      value: () => absent,
      appliesTo: byRole,
      evidence: "documented",
      statement: `only a service that calls by itself, without a role, says for whom (${key} is absent)`,
      source: IAM_KEYS,
    }),
  ),
  {
    key: "aws:RequestedRegion",
    value: ({ region }) => known(region),
    appliesTo: byRole,
    evidence: "documented",
    statement: "the Region of a request is that of its endpoint",
    source: IAM_KEYS,
  },
  ...ABSENT_KEYS.flatMap(({ keys, services, statement, source }) =>
    keys.map((key): ContextEntry => ({
      key,
      value: () => absent,
      appliesTo: (service) => services.includes(service),
      evidence: "documented",
      statement: `${statement} (${key} is absent)`,
      source,
    })),
  ),
  {
    key: "aws:CurrentTime",
    value: () => known(new Date().toISOString()),
    appliesTo: always,
    evidence: "documented",
    statement: "requests are made now",
    source: IAM_KEYS,
  },
  {
    key: "aws:EpochTime",
    value: () => known(String(Math.floor(Date.now() / 1000))),
    appliesTo: always,
    evidence: "documented",
    statement: "requests are made now",
    source: IAM_KEYS,
  },
  {
    key: "sts:ExternalId",
    value: () => absent,
    appliesTo: (service) => service === "sts",
    evidence: "documented",
    statement: "an external id is for roles that a third party assumes: a service gives none",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
  },
  {
    key: "sts:RoleSessionName",
    value: () => known(SESSION_NAME.name),
    appliesTo: (service) => service === "sts",
    evidence: SESSION_NAME.grade,
    statement: SESSION_NAME.observation.statement,
    source: SESSION_NAME.observation.link,
  },
  {
    key: "kms:ViaService",
    value: ({ region }) => known(viaS3(region)),
    appliesTo: toKms,
    evidence: "documented",
    statement: "S3 uses a key through the endpoint of the key's Region",
    source: KMS_KEYS,
  },
  {
    key: "kms:EncryptionAlgorithm",
    value: () => known("SYMMETRIC_DEFAULT"),
    appliesTo: toKms,
    evidence: "documented",
    statement: "S3 uses symmetric keys only",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
  },
  ...(
    [
      ["kms:KeySpec", "SYMMETRIC_DEFAULT"],
      ["kms:KeyUsage", "ENCRYPT_DECRYPT"],
    ] as const
  ).map(([key, value]): ContextEntry => ({
    key,
    value: () => known(value),
    appliesTo: toKms,
    evidence: "documented",
    statement: `S3 uses symmetric keys only (${key} is ${value})`,
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
  })),
];

const entriesOf = (service: Service) => CONTEXT_ENTRIES.filter(({ appliesTo }) => appliesTo(service));
const ENTRIES = { s3: entriesOf("s3"), kms: entriesOf("kms"), sts: entriesOf("sts") };

const contexts = new Map<string, Context>();

/** Made once for each service and Region: thousands of requests share it. */
export function contextOf(subject: ContextSubject): Context {
  const id = `${subject.service} ${subject.region}`;
  let context = contexts.get(id);
  if (context === undefined) {
    context = Object.fromEntries(ENTRIES[subject.service].map(({ key, value }) => [key, value(subject)]));
    contexts.set(id, context);
  }
  return context;
}

/** What every verdict rests on without a page that says so. */
export const ASSUMPTIONS: readonly string[] = CONTEXT_ENTRIES.filter(
  (entry) => entry.evidence === "assumed",
).map(({ statement, source }) => assumptionSentence({ grade: "assumed", statement, sources: [source] }));
