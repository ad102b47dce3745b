/** What a root makes that nobody reads in it: resources of other providers, stacks of CloudFormation, programs. */
import type { TerraformFile, TerraformResource } from "./terraformFile";

/** Resources of other providers that make what has a say here. */
const OTHER_PROVIDERS = /^awscc_(s3_bucket|kms_|iam_role|iam_managed_policy)/;

/** Resources that make what a template says, with the attribute that holds it. */
const TEMPLATES: Readonly<Record<string, string>> = {
  aws_cloudformation_stack: "template_body",
  aws_cloudformation_stack_set: "template_body",
  aws_cloudcontrolapi_resource: "type_name",
};

/** Types of CloudFormation that have a say, or that make others. */
const TYPES_WITH_A_SAY =
  /AWS::(S3::Bucket|KMS::|IAM::(Role|Policy|ManagedPolicy)|CloudFormation::|Serverless::)|Custom::/;

/** What stands between the words of a command, in JSON text: spaces, and ends of lines. */
const GAP = String.raw`(?:\s|\\n?)+`;

const OPTIONS = String.raw`(?:--[\w-]+(?:[= ][^\s-]\S*)?${GAP})*`;

/** Commands of the AWS CLI that change nothing that has a say. */
const HARMLESS = String.raw`(?:(?:get|head|list|describe)-|wait\b|(?:en|de)crypt\b|put-object\b(?!-))`;

const CHANGES = String.raw`(?:s3${GAP}(?:mb|rb)\b|(?:s3api|s3control|kms|iam|cloudformation)${GAP}(?!${HARMLESS}))`;

/** Commands and resources in what a program is called with, as far as a plan has it. */
const CALLS_WITH_A_SAY = new RegExp(String.raw`\baws${GAP}${OPTIONS}${CHANGES}|"aws_(?:s3_bucket|kms_|iam_)`);

/** A sentence for each; nothing that depends on them is proven. */
export function opaqueSentences({ resources, configuration }: TerraformFile): string[] {
  const made = resources.filter(({ address, fate }) => !address.isData && fate !== "gone");
  return [
    ...made
      .filter(({ address }) => OTHER_PROVIDERS.test(address.type))
      .map(({ address }) => `${address.text} is made by another provider, and is not read`),
    ...made
      .filter(hasOpenTemplate)
      .map(
        ({ address }) =>
          `${address.text} makes what a template of CloudFormation says, which is not read here: give the template as a --cloudformation of its own`,
      ),
    ...configuration
      .provisioned()
      .filter(({ calls }) => CALLS_WITH_A_SAY.test(calls))
      .map(
        ({ address }) =>
          `${address} runs a program in the apply, which may make or change buckets, keys, roles or replication: nobody can read it in a plan`,
      ),
  ];
}

function hasOpenTemplate({ address, values }: TerraformResource): boolean {
  const attribute = Object.hasOwn(TEMPLATES, address.type) ? TEMPLATES[address.type] : undefined;
  if (attribute === undefined) return false;
  const text = values[attribute];
  return typeof text !== "string" || text === "" || TYPES_WITH_A_SAY.test(text);
}
