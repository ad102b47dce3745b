/** The profiles of the shared AWS configuration files, by name. */
import { show } from "../input/problems";

/** More names than these are no help in a message. */
const MOST_NAMES = 10;

/**
 * Says at once that a profile is missing. The SDK would first try every other way to credentials, for ten seconds and
 * more, and then say only that there are none.
 * @returns A sentence; undefined where the profile is there, or the files cannot be read.
 */
export async function missingProfile(profile: string): Promise<string | undefined> {
  const names = await profileNames();
  if (names === undefined || names.includes(profile)) return undefined;
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = process.env;
  const files = `${AWS_CONFIG_FILE ?? "~/.aws/config"} and ${AWS_SHARED_CREDENTIALS_FILE ?? "~/.aws/credentials"}`;
  const listed = names.slice(0, MOST_NAMES).join(", ") + (names.length > MOST_NAMES ? ", ..." : "");
  return `there is no profile ${show(profile)} in ${files}, which have ${names.length === 0 ? "none" : listed}`;
}

/** Names only: what stands in the profiles is for the SDK. */
async function profileNames(): Promise<string[] | undefined> {
  const { loadSharedConfigFiles } = await import("@smithy/core/config");
  try {
    const { configFile, credentialsFile } = await loadSharedConfigFiles();
    const isProfile = (name: string) => !/^(sso-session|services)\./.test(name);
    return [...new Set([...Object.keys(configFile).filter(isProfile), ...Object.keys(credentialsFile)])];
  } catch {
    return undefined;
  }
}
