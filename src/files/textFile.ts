/** Reads text that others wrote: of any size, any bytes. */
import { isAscii, isUtf8 } from "node:buffer";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { InvalidInputError } from "../input/problems";

const BYTE_ORDER_MARK = "\ufeff";

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

/**
 * The same at once, of a file that a project holds.
 * @throws InvalidInputError
 */
export function readProjectFile(file: string, megabytes: number): string {
  let bytes: Buffer | undefined;
  try {
    bytes = readWhole(file, statSync(file).size, megabytes * 1_000_000);
  } catch (error) {
    throw new InvalidInputError(file, [`must be a file, and ${unreadable(error)}`]);
  }
  if (bytes === undefined) throw tooLarge(file, megabytes);
  return decode(file, bytes);
}

async function readBytes(option: string, file: string, megabytes: number): Promise<Buffer> {
  const most = megabytes * 1_000_000;
  try {
    const bytes = file === STDIN ? await readUpTo(most, process.stdin) : await readPath(file, most);
    if (bytes !== undefined) return bytes;
  } catch (error) {
    throw new InvalidInputError(option, [`must be a file, got '${file}', which ${unreadable(error)}`]);
  }
  throw tooLarge(subjectOf(option, file), megabytes);
}

function unreadable(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "does not exist",
    EISDIR: "is a directory",
    EACCES: "may not be read",
  };
  return reasons[code ?? ""] ?? `cannot be read: ${message}`;
}

function tooLarge(subject: string, megabytes: number): InvalidInputError {
  return new InvalidInputError(subject, [`it must be at most ${megabytes} MB, and is larger`]);
}

/** @returns undefined where it is larger. */
async function readPath(file: string, most: number): Promise<Buffer | undefined> {
  const status = statSync(file);
  // Only of a file is the size known before it is read: a pipe may have no end.
  if (!status.isFile()) return readUpTo(most, createReadStream(file, { highWaterMark: CHUNK }));
  return readWhole(file, status.size, most);
}

/** @returns undefined where it is larger. */
function readWhole(file: string, size: number, most: number): Buffer | undefined {
  return size > most ? undefined : readFileSync(file);
}

/** @returns undefined where more comes. */
async function readUpTo(most: number, stream: AsyncIterable<Buffer>): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > most) return undefined;
  }
  return Buffer.concat(chunks);
}

function decode(subject: string, bytes: Buffer): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new InvalidInputError(subject, [
      "it must be UTF-8, and is UTF-16, which PowerShell writes with '>'; use '| Out-File -Encoding utf8'",
    ]);
  }
  if (!isUtf8(bytes)) {
    throw new InvalidInputError(subject, ["it must be UTF-8 text, and has bytes that are none"]);
  }
  // Most files are ASCII, which latin1 reads alike in half the time.
  const text = bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
}
