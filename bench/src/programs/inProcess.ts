/** Runs a Pulumi program in this process; nothing answers slower than it must. */
import * as pulumi from "@pulumi/pulumi";

/** What a program registered, for those who compare. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export async function runInProcess(
  program: () => void,
  onRegistered: (registered: Registered) => void = () => undefined,
): Promise<void> {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const given = inputs as Record<string, unknown>;
        onRegistered({ type, name, inputs: given });
        if (type === "pulumi:providers:aws") return { id: accountOf(given.allowedAccountIds), state: given };
        return { id: `${name}-id`, state: { ...given, ...computed(type, name, given) } };
      },
      // A provider's reference ends with its id.
      call: ({ provider = "" }) => ({ accountId: provider.slice(provider.lastIndexOf("::") + 2) }),
    },
    "bench",
    "bench",
    false,
  );
  await pulumi.runtime.runInPulumiStack(() => {
    program();
    return Promise.resolve({});
  });
  await pulumi.runtime.disconnect();
}

/** Inputs reach providers as JSON. */
function accountOf(allowedAccountIds: unknown): string {
  const [first = ""] = JSON.parse(String(allowedAccountIds)) as string[];
  return first;
}

/** What AWS decides and the programs use; `data-...` is on the source's side. */
function computed(type: string, name: string, { bucket, name: own }: Record<string, unknown>): object {
  const place = name.startsWith("data") ? "us-east-1:111111111111" : "eu-west-1:222222222222";
  switch (type) {
    case "aws:kms/key:Key":
      return { keyId: name, arn: `arn:aws:kms:${place}:key/${name}` };
    case "aws:s3/bucket:Bucket":
      return { arn: `arn:aws:s3:::${String(bucket)}` };
    case "aws:iam/role:Role":
      return { arn: `arn:aws:iam::111111111111:role/${String(own)}` };
    case "aws:sqs/queue:Queue":
      return { url: `https://sqs/${name}`, arn: `arn:aws:sqs:${place}:${name}` };
    default:
      return {};
  }
}
