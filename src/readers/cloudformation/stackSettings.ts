/** Where a template is deployed, and with what. */
import { dnsSuffixOfRegion, parseArn, partitionOfRegion } from "../../naming/arn";
import { at, findUnread, textOr } from "../../resources/values";
import { Unread } from "../../snapshot/unread";
import { asText, type Value } from "./functions";

/** A stack is called by its name within an account and Region. */
export interface StackPlace {
  readonly stackName: string;
  readonly accountId: string;
  readonly region: string;
}

/** A name that CloudFormation takes for a stack, and S3 at the beginning of a bucket's name, made of any text. */
export function stackNameOf(text: string): string {
  return (
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "") || "stack"
  );
}

export interface StackSettings extends StackPlace {
  /** Values of parameters; a list is given as its items. */
  readonly parameters: Pick<ReadonlyMap<string, string | readonly string[] | Unread>, "get">;
}

/** What stacks say to each other. */
export interface OtherStacks {
  /** Value of an export in the same account and Region; undefined where no stack of the call has it. */
  readonly exported: (of: StackSettings, name: string) => Value;
  /** Value of an output of another stack, which a parameter names; undefined where no stack of the call has it. */
  readonly output: (stackName: string, outputName: string) => Value;
  /** The same of a stack whose account and Region are known. */
  readonly outputIn: (stack: StackPlace, outputName: string) => Value;
  /** Names of an account's roles that templates and parameters write in full. */
  readonly writtenRoles: (accountId: string) => readonly string[];
  /** Value that CDK carries from a stack of another Region; undefined where no stack of the call writes it. */
  readonly carried: (of: StackSettings, name: string) => Value;
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html */
export function pseudoParameters({
  accountId,
  region,
  stackName,
}: StackSettings): Readonly<Record<string, Value>> {
  return {
    "AWS::AccountId": accountId,
    "AWS::Region": region,
    "AWS::StackName": stackName,
    "AWS::Partition": partitionOfRegion(region),
    "AWS::URLSuffix": dnsSuffixOfRegion(region),
    "AWS::NoValue": undefined,
    "AWS::StackId": new Unread("the id of the stack"),
    "AWS::NotificationARNs": new Unread("where the stack sends its notifications"),
  };
}

/**
 * The output that Fn::GetStackOutput asks for.
 * @param own Where the asking stack is: what is not said is its own.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
 */
export function askedOutput(
  asked: Value,
  own: StackPlace,
): (StackPlace & { readonly outputName: string }) | Unread {
  const said = (name: string) => at(asked, name) as Value;
  return (
    findUnread(asked) ?? {
      stackName: asText(said("StackName"), "a text as its 'StackName'"),
      outputName: asText(said("OutputName"), "a text as its 'OutputName'"),
      // A role leads into its own account.
      accountId: textOr(parseArn(textOr(said("RoleArn"), ""))?.accountId, own.accountId),
      region: textOr(said("Region"), own.region),
    }
  );
}
