/** What a command's process is told, so that it talks to the emulator and to nothing else. */
export function emulatorEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  };
}

/** The emulator's accounts are entered by assuming any role of theirs. */
export function roleToEnter(accountId: string): string {
  return `arn:aws:iam::${accountId}:role/entrance`;
}

/** Options of a command for a pair of accounts on the emulator. */
export function accountOptions(sourceAccountId: string, ...destinationAccountIds: string[]): string[] {
  return [
    "--source-role-arn",
    roleToEnter(sourceAccountId),
    ...destinationAccountIds.flatMap((id) => ["--destination-role-arn", roleToEnter(id)]),
  ];
}
