/** Templates written in a test, and the calls that CloudFormation would make of them. */
import { readTemplates, type TemplateStack } from "../../../src/readers/cloudformation/fromTemplates";
import { parseTemplate } from "../../../src/readers/cloudformation/template";
import type { Call, Operation, Parameters } from "../../../src/resources/calls";

export const ACCOUNT = "111111111111";
export const REGION = "eu-west-1";

/** What a test says of a stack; the rest is the same in all tests. */
export interface GivenStack extends Partial<Omit<TemplateStack, "template" | "parameters">> {
  readonly file?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A stack of a template that is written here. */
export function stackOf(text: string, given: GivenStack = {}): TemplateStack {
  const { file = "template.yaml", parameters = {}, ...settings } = given;
  return {
    stackName: "archive",
    accountId: ACCOUNT,
    region: REGION,
    ...settings,
    template: parseTemplate(text, file, file),
    parameters: new Map(Object.entries(parameters)),
  };
}

export function callsOf(text: string, given: GivenStack = {}): readonly Call[] {
  return readTemplates([stackOf(text, given)]).flatMap(({ calls }) => calls);
}

/** Parameters of the only call of an operation. */
export function parametersOf<O extends Operation>(calls: readonly Call[], operation: O): Parameters[O] {
  const found = calls.filter((call) => call.operation === operation);
  if (found.length !== 1) throw new Error(`${found.length} calls of ${operation}`);
  return found[0]?.parameters as Parameters[O];
}

/** What a template says in one bucket policy, whose only statement has these resources. */
export function resourceOf(resource: string, rest = "", given: GivenStack = {}): unknown {
  const calls = callsOf(
    `Resources:
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: acme-data
      PolicyDocument:
        Version: 2012-10-17
        Statement: [{ Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: ${resource} }]
${rest}`,
    given,
  );
  const { Policy } = parametersOf(calls, "s3:PutBucketPolicy");
  return (Policy as { Statement: { Resource: unknown }[] }).Statement[0]?.Resource;
}
