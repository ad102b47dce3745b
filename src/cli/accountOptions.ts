/** The options with which every command that talks to AWS is told how to get into the accounts. */
import type { Command } from "commander";
import { collect } from "./optionValues";
import type { Access } from "../aws/account";
import { given } from "../util/optional";
import type { PairAccess } from "../aws/pair";
import { InvalidInputError } from "../input/problems";

export interface AccountOptions {
  readonly sourceProfile?: string;
  readonly sourceRoleArn?: string;
  readonly sourceExternalId?: string;
  readonly destinationProfile?: string[];
  readonly destinationRoleArn?: string[];
  readonly destinationExternalId?: string;
}

/** For commands that look into the source account only. */
export function addSourceOptions(command: Command): Command {
  return command
    .option(
      "--source-profile <name>",
      "profile for the source account (default: the standard credential chain)",
    )
    .option("--source-role-arn <arn>", "role to assume for the source account")
    .option("--source-external-id <id>", "external id to assume it with");
}

export function addAccountOptions(command: Command): Command {
  return addSourceOptions(command)
    .option(
      "--destination-profile <name>",
      "profile for a destination account; once for each account",
      collect,
    )
    .option(
      "--destination-role-arn <arn>",
      "role to assume for a destination account; once for each",
      collect,
    )
    .option("--destination-external-id <id>", "external id to assume it with");
}

/** @throws InvalidInputError */
export function accessOf(options: AccountOptions): PairAccess {
  const profiles = options.destinationProfile ?? [];
  const roles = options.destinationRoleArn ?? [];
  if (profiles.length > 1 && roles.length > 0 && roles.length !== profiles.length) {
    throw new InvalidInputError("--destination-role-arn", [
      `must be given once, or once for each --destination-profile, got ${roles.length} for ${profiles.length} profiles`,
    ]);
  }
  const count = Math.max(profiles.length, roles.length);
  const destinations = Array.from({ length: count }, (_, index): Access => ({
    ...given("profile", profiles[index] ?? profiles[0]),
    ...given("roleArn", roles[index] ?? roles[0]),
    ...given("externalId", options.destinationExternalId),
  }));
  return {
    source: {
      ...given("profile", options.sourceProfile),
      ...given("roleArn", options.sourceRoleArn),
      ...given("externalId", options.sourceExternalId),
    },
    destinations,
  };
}

/** For commands about many accounts. */
export function addFleetOptions(command: Command): Command {
  return command
    .option(
      "--account <id>",
      "account to look into: '<account id>=<role ARN>' or '<account id>=<profile>'; its id alone takes the caller's credentials; once for each (default: the caller's account)",
      collect,
    )
    .option("--organization", "look into every active account of the organization")
    .option("--role-name <name>", "role to assume in each account of the organization, with its path")
    .option("--external-id <id>", "external id to assume roles with")
    .option(
      "--organization-profile <name>",
      "profile of an account that may list the organization's accounts and read its policies (default: the standard credential chain)",
    )
    .option("--organization-role-arn <arn>", "role to assume for that");
}
