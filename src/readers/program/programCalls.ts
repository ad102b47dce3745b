/** Questions that a program asks AWS while it runs, as far as the accounts in memory can answer them. */
import { RunError } from "@pulumi/pulumi";
import { dnsSuffixOfRegion, partitionOfRegion } from "../../naming/arn";
import { bucketArnOf } from "../../naming/names";
import { keyArnOf } from "../../resources/lookUp";
import { LIVED_IN_ACCOUNTS, siteOf } from "../../resources/site";
import { listOf, text } from "../../resources/values";
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
) => Record<string, unknown>;

/** @throws RunError for a question that only AWS can answer. */
export function answerCall(
  token: string,
  inputs: Readonly<Record<string, unknown>>,
  caller: () => Caller,
  snapshot: Snapshot,
): Record<string, unknown> {
  const answer = Object.hasOwn(ANSWERS, token) ? ANSWERS[token] : undefined;
  if (answer !== undefined) {
    const elsewhere = text(inputs.region);
    return answer(inputs, () => (elsewhere === "" ? caller() : { ...caller(), region: elsewhere }), snapshot);
  }
  throw new RunError(
    `the accounts in memory do not answer ${token}; read this program from 'pulumi preview --json --show-sames --show-reads' with --preview instead`,
  );
}

const ANSWERS: Readonly<Record<string, Answer>> = {
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

/** @see https://www.pulumi.com/registry/packages/aws/api-docs/iam/getpolicydocument/ */
function policyDocument(inputs: Readonly<Record<string, unknown>>): unknown {
  const own = listOf(inputs.statements).map((statement) => statementOf(statement as Record<string, unknown>));
  const merged = (documents: unknown) =>
    listOf(documents).flatMap((document) =>
      listOf((JSON.parse(text(document)) as { Statement?: unknown }).Statement),
    );
  const statements = [...merged(inputs.sourcePolicyDocuments), ...own];
  for (const statement of merged(inputs.overridePolicyDocuments)) {
    const { Sid: sid } = statement as { Sid?: string };
    const place = statements.findIndex(
      (other) => sid !== undefined && (other as { Sid?: string }).Sid === sid,
    );
    if (place < 0) statements.push(statement);
    else statements[place] = statement;
  }
  return {
    Version: text(inputs.version) || "2012-10-17",
    ...(inputs.policyId === undefined ? {} : { Id: inputs.policyId }),
    Statement: statements,
  };
}

function statementOf(statement: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given: [string, unknown][] = [
    ["Sid", statement.sid],
    ["Effect", statement.effect ?? "Allow"],
    ["Principal", principals(statement.principals)],
    ["NotPrincipal", principals(statement.notPrincipals)],
    ["Action", filled(statement.actions)],
    ["NotAction", filled(statement.notActions)],
    ["Resource", filled(statement.resources)],
    ["NotResource", filled(statement.notResources)],
    ["Condition", conditions(statement.conditions)],
  ];
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function filled(values: unknown): unknown {
  return listOf(values).length === 0 ? undefined : values;
}

function principals(given: unknown): unknown {
  const byType: Record<string, unknown[]> = {};
  for (const one of listOf(given) as { type?: unknown; identifiers?: unknown }[]) {
    const type = text(one.type);
    if (type === "*") return "*";
    (byType[type] ??= []).push(...listOf(one.identifiers));
  }
  return Object.keys(byType).length === 0 ? undefined : byType;
}

function conditions(given: unknown): unknown {
  const byTest: Record<string, Record<string, unknown[]>> = {};
  for (const one of listOf(given) as { test?: unknown; variable?: unknown; values?: unknown }[]) {
    const keys = (byTest[text(one.test)] ??= {});
    (keys[text(one.variable)] ??= []).push(...listOf(one.values));
  }
  return Object.keys(byTest).length === 0 ? undefined : byTest;
}
