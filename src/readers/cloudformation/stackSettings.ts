/** Where a template is deployed, and with what. */
import { dnsSuffixOfRegion, partitionOfRegion } from "../../naming/arn";
import { Unread } from "../../snapshot/unread";
import type { Value } from "./functions";

export interface StackSettings {
  readonly stackName: string;
  readonly accountId: string;
  readonly region: string;
  /** Values of parameters; a list is given as its items. */
  readonly parameters: Pick<ReadonlyMap<string, string | readonly string[] | Unread>, "get">;
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
