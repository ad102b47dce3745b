/** Reads text that others wrote: of any size, any bytes. */
import { createReadStream } from "node:fs";
import { InvalidInputError } from "../input/problems";

/** Bytes that are read at a time. */
const CHUNK = 1 << 20;

/** Reads from the standard input instead of a file. */
export const STDIN = "-";

export function subjectOf(option: string, file: string): string {
  return file === STDIN ? `${option} (standard input)` : `${option} ${file}`;
}

/**
 * @param option What the file was given with, for errors: `--snapshot`.
 * @param file Path, or `-` for the standard input.
 * @param megabytes What the file may be at most.
 * @throws InvalidInputError when it is no file, too large or no UTF-8.
 */
export async function readTextFile(option: string, file: string, megabytes: number): Promise<string> {
  return decode(subjectOf(option, file), await readBytes(option, file, megabytes));
}

async function readBytes(option: string, file: string, megabytes: number): Promise<Buffer> {
  const most = megabytes * 1_000_000;
  const stream: AsyncIterable<Buffer> =
    file === STDIN ? process.stdin : createReadStream(file, { highWaterMark: CHUNK });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > most) break;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: "which does not exist",
      EISDIR: "which is a directory",
      EACCES: "which may not be read",
    };
    throw new InvalidInputError(option, [
      `must be a file, got '${file}', ${reasons[code ?? ""] ?? `which cannot be read: ${message}`}`,
    ]);
  }
  if (size > most) {
    throw new InvalidInputError(subjectOf(option, file), [
      `it must be at most ${megabytes} MB, and is larger`,
    ]);
  }
  return Buffer.concat(chunks);
}

function decode(subject: string, bytes: Buffer): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new InvalidInputError(subject, [
      "it must be UTF-8, and is UTF-16, which PowerShell writes with '>'; use '| Out-File -Encoding utf8'",
    ]);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidInputError(subject, ["it must be UTF-8 text, and has bytes that are none"]);
  }
}
