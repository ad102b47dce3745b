/** One account on AWS: clients of the SDK for its services, with the credentials of one caller. */
import type { AthenaClient } from "@aws-sdk/client-athena";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { OrganizationsClient } from "@aws-sdk/client-organizations";
import type { S3Client } from "@aws-sdk/client-s3";
import type { S3ControlClient } from "@aws-sdk/client-s3-control";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { AwsCredentialIdentityProvider } from "@aws-sdk/types";
import { isIP } from "node:net";
import { AwsCallFailed, describe } from "./failures";
import type { SharedAnswers } from "./sharedAnswers";

/** How to get into an account. Nothing given: the standard credential chain. */
export interface Access {
  /** Profile of the shared configuration files. */
  readonly profile?: string;
  /** ARN of a role to assume, with the profile or the standard chain. */
  readonly roleArn?: string;
  readonly externalId?: string;
}

/** Region for what has none: IAM, Organizations, and the question who the caller is. */
const HOME_REGION = "us-east-1";

/** Name of the sessions of roles that are assumed, as CloudTrail shows it. */
const SESSION_NAME = "s3-replication";

/** For every client: the SDK's own retries with backoff, and no call that hangs. Times in milliseconds. */
export const PATIENCE = {
  retryMode: "standard",
  maxAttempts: 5,
  // Without throwing, the SDK only warns of a request that takes longer, and goes on waiting.
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
};

type ClientSettings = {
  readonly region: string;
  readonly credentials: AwsCredentialIdentityProvider;
} & typeof PATIENCE;

/**
 * An account on AWS, through the credentials of one caller. Clients are made when they are asked for, so that a command
 * loads only the services that it talks to.
 */
export class AwsAccount {
  private readonly clients = new Map<string, Promise<{ destroy(): void }>>();

  private constructor(
    /** Account id, 12 digits. */
    readonly id: string,
    /** ARN of the caller. */
    readonly callerArn: string,
    /** `aws`, `aws-cn` or `aws-us-gov`. */
    readonly partition: string,
    private readonly homeRegion: string,
    private readonly credentials: AwsCredentialIdentityProvider,
    private readonly answers?: SharedAnswers,
  ) {}

  /**
   * @param side What the account is to the user, for errors: `source account`.
   * @param answers Where answers are shared. Left out: each question is asked anew.
   * @throws AwsCallFailed Without valid credentials.
   */
  static async open(side: string, access: Access, answers?: SharedAnswers): Promise<AwsAccount> {
    // Which versions of Node.js we run on is ours to say, not that of a library below us.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
    // Set and empty is as good as not set.
    const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
    const region = [AWS_REGION, AWS_DEFAULT_REGION].find((name) => name?.trim()) ?? HOME_REGION;
    await assertProfileExists(side, access);
    const credentials = await credentialsOf(access, region);
    const { STSClient, GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
    const sts = new STSClient({ region, credentials, ...PATIENCE });
    try {
      const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
      if (Account === undefined || Arn === undefined) throw new Error("AWS does not say who is calling");
      return new AwsAccount(Account, Arn, Arn.split(":")[1] ?? "aws", region, credentials, answers);
    } catch (error) {
      const isWithout = error instanceof Error && error.name === "CredentialsProviderError";
      const hint =
        isWithout && access.profile === undefined
          ? "; set AWS_PROFILE, or name a profile with an option of the command"
          : "";
      throw new AwsCallFailed(`no access to the ${side} with ${toText(access)}: ${describe(error)}${hint}`);
    } finally {
      sts.destroy();
    }
  }

  s3(region = this.homeRegion): Promise<S3Client> {
    return this.client("s3", region, async (settings) => {
      const { S3Client } = await import("@aws-sdk/client-s3");
      return new S3Client({ ...settings, ...bucketInPath() });
    });
  }

  s3Control(region: string): Promise<S3ControlClient> {
    return this.client("s3control", region, async (settings) => {
      const { S3ControlClient } = await import("@aws-sdk/client-s3-control");
      return withoutHostPrefix(new S3ControlClient(settings));
    });
  }

  kms(region: string): Promise<KMSClient> {
    return this.client("kms", region, async (settings) => {
      const { KMSClient } = await import("@aws-sdk/client-kms");
      return new KMSClient(settings);
    });
  }

  iam(): Promise<IAMClient> {
    return this.client("iam", this.homeRegion, async (settings) => {
      const { IAMClient } = await import("@aws-sdk/client-iam");
      return new IAMClient(settings);
    });
  }

  organizations(): Promise<OrganizationsClient> {
    return this.client("organizations", this.homeRegion, async (settings) => {
      const { OrganizationsClient } = await import("@aws-sdk/client-organizations");
      return new OrganizationsClient(settings);
    });
  }

  sqs(region: string): Promise<SQSClient> {
    return this.client("sqs", region, async (settings) => {
      const { SQSClient } = await import("@aws-sdk/client-sqs");
      // The URL of a queue that somebody else named is no place to send credentials to.
      return new SQSClient({ ...settings, useQueueUrlAsEndpoint: false });
    });
  }

  cloudWatch(region: string): Promise<CloudWatchClient> {
    return this.client("cloudwatch", region, async (settings) => {
      const { CloudWatchClient } = await import("@aws-sdk/client-cloudwatch");
      return new CloudWatchClient(settings);
    });
  }

  athena(region: string): Promise<AthenaClient> {
    return this.client("athena", region, async (settings) => {
      const { AthenaClient } = await import("@aws-sdk/client-athena");
      return new AthenaClient(settings);
    });
  }

  /** Closes every connection, so that the process can end. */
  close(): void {
    for (const client of this.clients.values()) {
      void client.then(
        (made) => made.destroy(),
        () => undefined,
      );
    }
    this.clients.clear();
  }

  /** The client of a service and Region, made when it is asked for first. */
  private client<T extends { destroy(): void }>(
    service: string,
    region: string,
    make: (settings: ClientSettings) => Promise<T>,
  ): Promise<T> {
    const name = `${service} ${region}`;
    const known = this.clients.get(name) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const made = make({ region, credentials: this.credentials, ...PATIENCE }).then((client) => {
      this.answers?.attachTo(client, `${this.callerArn} ${name}`);
      return client;
    });
    this.clients.set(name, made);
    return made;
  }
}

/**
 * Says that a named profile is missing. AWS_PROFILE counts only where no keys are in the environment: the SDK prefers keys.
 * @throws AwsCallFailed Where the profile is in none of the shared configuration files.
 */
async function assertProfileExists(side: string, access: Access): Promise<void> {
  const { AWS_PROFILE, AWS_ACCESS_KEY_ID } = process.env;
  const byEnvironment = AWS_ACCESS_KEY_ID === undefined && AWS_PROFILE !== "" ? AWS_PROFILE : undefined;
  const profile = access.profile ?? byEnvironment;
  if (profile === undefined) return;
  const { missingProfile } = await import("./profiles");
  const missing = await missingProfile(profile);
  if (missing === undefined) return;
  const by = access.profile === undefined ? " (AWS_PROFILE names it)" : "";
  throw new AwsCallFailed(`no access to the ${side}: ${missing}${by}`);
}

async function credentialsOf(access: Access, region: string): Promise<AwsCredentialIdentityProvider> {
  const { fromNodeProviderChain, fromTemporaryCredentials } = await import("@aws-sdk/credential-providers");
  const own = fromNodeProviderChain(access.profile === undefined ? {} : { profile: access.profile });
  if (access.roleArn === undefined) return own;
  return fromTemporaryCredentials({
    masterCredentials: own,
    params: {
      RoleArn: access.roleArn,
      RoleSessionName: SESSION_NAME,
      ...(access.externalId === undefined ? {} : { ExternalId: access.externalId }),
    },
    clientConfig: { region, ...PATIENCE },
  });
}

/**
 * S3 Control puts the account id in front of the host's name. An endpoint that is an IP address or `localhost` cannot have
 * that. Nothing is lost without it: the account id is in a header as well.
 */
function withoutHostPrefix(client: S3ControlClient): S3ControlClient {
  const { endpointProvider } = client.config;
  client.config.endpointProvider = (parameters, context) =>
    endpointProvider(
      isLocal(parameters.Endpoint) ? { ...parameters, RequiresAccountId: false } : parameters,
      context,
    );
  return client;
}

function isLocal(endpoint: string | undefined): boolean {
  const host = endpoint === undefined ? "" : new URL(endpoint).hostname.replace(/^\[(.*)\]$/, "$1");
  return host === "localhost" || isIP(host) !== 0;
}

/** An endpoint of the user's own has seldom a name for each bucket. */
function bucketInPath(): { forcePathStyle?: true } {
  const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 } = process.env;
  return AWS_ENDPOINT_URL === undefined && AWS_ENDPOINT_URL_S3 === undefined ? {} : { forcePathStyle: true };
}

function toText({ profile, roleArn }: Access): string {
  const own = profile === undefined ? "the standard credential chain" : `profile '${profile}'`;
  return roleArn === undefined ? own : `${own}, assuming ${roleArn}`;
}
