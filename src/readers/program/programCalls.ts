/** Questions that a program asks AWS while it runs, as far as the accounts in memory can answer them. */
import { RunError } from "@pulumi/pulumi";
import { dnsSuffixOfRegion, partitionOfRegion } from "../../naming/arn";
import { bucketArnOf } from "../../naming/names";
import { replicationAnswer } from "../awsProvider/bucketAnswers";
import { keyArnOf } from "../../resources/lookUp";
import { AwsRefusal } from "../../resources/refusal";
import { LIVED_IN_ACCOUNTS, siteOf, type World } from "../../resources/site";
import { text } from "../../resources/values";
import { policyDocument } from "../awsProvider/policyDocument";
import type { Snapshot } from "../../snapshot/snapshot";

interface Caller {
  readonly accountId: string;
  readonly region: string;
}

type Answer = (
  inputs: Readonly<Record<string, unknown>>,
  /** Who asks, and where; only asked for where the answer depends on it. */
  caller: () => Caller,
  snapshot: Snapshot,
  world: World,
) => Record<string, unknown>;

/** @throws RunError for a question that only AWS can answer. */
export function answerCall(
  token: string,
  inputs: Readonly<Record<string, unknown>>,
  caller: () => Caller,
  snapshot: Snapshot,
  world: World,
): Record<string, unknown> {
  const answer = Object.hasOwn(ANSWERS, token) ? ANSWERS[token] : undefined;
  if (answer !== undefined) {
    const elsewhere = text(inputs.region);
    return answer(
      inputs,
      () => (elsewhere === "" ? caller() : { ...caller(), region: elsewhere }),
      snapshot,
      world,
    );
  }
  throw notAnswered(token);
}

const notAnswered = (token: string) =>
  new RunError(
    `the accounts in memory do not answer ${token}; read this program from 'pulumi preview --json --show-sames --show-reads' with --preview instead`,
  );

const REPLICATION = "aws:s3/getBucketReplicationConfiguration:getBucketReplicationConfiguration";

const ANSWERS: Readonly<Record<string, Answer>> = {
  // Asked before a stack reference is made, which then finds the outputs or says that the stack is not there.
  "pulumi:pulumi:readStackOutputs": () => ({}),
  "aws:index/getCallerIdentity:getCallerIdentity": (_inputs, caller) => {
    const { accountId, region } = caller();
    const arn = `arn:${partitionOfRegion(region)}:iam::${accountId}:root`;
    return { accountId, arn, id: accountId, userId: accountId };
  },
  "aws:index/getPartition:getPartition": (_inputs, caller) => {
    const { region } = caller();
    const dnsSuffix = dnsSuffixOfRegion(region);
    const partition = partitionOfRegion(region);
    return {
      partition,
      dnsSuffix,
      reverseDnsPrefix: dnsSuffix.split(".").reverse().join("."),
      id: partition,
    };
  },
  "aws:index/getRegion:getRegion": (inputs, caller) => {
    const name = text(inputs.name) || caller().region;
    return { region: name, name, id: name, endpoint: `ec2.${name}.amazonaws.com`, description: name };
  },
  "aws:iam/getPolicyDocument:getPolicyDocument": (inputs) => {
    const json = JSON.stringify(policyDocument(inputs));
    return { json, minifiedJson: json, id: "document" };
  },
  "aws:s3/getBucket:getBucket": (inputs, caller) => {
    const { region: home } = caller();
    const bucket = text(inputs.bucket);
    return { bucket, id: bucket, arn: bucketArnOf(partitionOfRegion(home), bucket), region: home };
  },
  [REPLICATION]: (inputs, caller, snapshot, world) => {
    const { accountId, region: home } = caller();
    const bucket = text(inputs.bucket);
    const { account, replication, unread } =
      snapshot.buckets[bucketArnOf(partitionOfRegion(home), bucket)] ?? {};
    if (account === accountId && replication && unread?.includes("replication") !== true)
      return replicationAnswer(bucket, home, replication);
    if (!world.complete) throw notAnswered(REPLICATION);
    // The provider says the same of a bucket that is not there, and of one without a replication configuration.
    throw new AwsRefusal(`reading Bucket Replication Configuration (${bucket}): couldn't find resource`);
  },
  // Notifications have no say in replication, so the accounts in memory keep none.
  "aws:s3/getBucketNotification:getBucketNotification": (inputs, caller) => {
    const bucket = text(inputs.bucket);
    const { region: home } = caller();
    return {
      id: bucket,
      bucket,
      region: home,
      eventbridge: false,
      lambdaFunctions: [],
      queues: [],
      topics: [],
    };
  },
  "aws:kms/getAlias:getAlias": (inputs, caller, snapshot) => {
    const { accountId, region: home } = caller();
    const name = text(inputs.name);
    const targetKeyArn = keyArnOf(siteOf(snapshot, LIVED_IN_ACCOUNTS), name, accountId, home) ?? "";
    return {
      id: name,
      name,
      arn: `arn:${partitionOfRegion(home)}:kms:${home}:${accountId}:${name}`,
      targetKeyArn,
      targetKeyId: targetKeyArn.slice(targetKeyArn.lastIndexOf("/") + 1),
    };
  },
  "aws:kms/getKey:getKey": (inputs, caller, snapshot) => {
    const { accountId, region: home } = caller();
    const arn = keyArnOf(siteOf(snapshot, LIVED_IN_ACCOUNTS), inputs.keyId, accountId, home) ?? "";
    const keyId = arn.slice(arn.lastIndexOf("/") + 1);
    return { id: keyId, keyId, arn, multiRegion: keyId.startsWith("mrk-"), enabled: true };
  },
};
