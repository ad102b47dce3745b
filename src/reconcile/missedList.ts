/** Missed versions in a file while an engine runs, so that they need no memory and a resumed run can go on. */
import { closeSync, createReadStream, fstatSync, ftruncateSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { TemporaryDirectory } from "../files/temporaryDirectory";
import { InvalidInputError, show } from "../input/problems";
import type { Missed } from "./engine";
import { missedFile } from "./list/checkpoint";

/** Bytes that are written at once. */
const CHUNK = 1 << 20;

export class MissedList {
  private readonly descriptor: number;
  private buffered: string[] = [];
  private bufferedLength = 0;
  private length = 0;
  /** Whether what stands in the file is of an earlier run that nobody goes on from. */
  private isStale = true;

  private constructor(
    private readonly file: string,
    /** A directory of this run alone. */
    private readonly directory: TemporaryDirectory | undefined,
  ) {
    this.descriptor = openSync(file, directory === undefined ? "a+" : "wx+", 0o600);
  }

  /** @param resume File of --resume, beside which the list stands; without it the list is in a directory of its own. */
  static open(resume: string | undefined): MissedList {
    if (resume !== undefined) return new MissedList(missedFile(resume), undefined);
    const directory = new TemporaryDirectory();
    return new MissedList(join(directory.path, "missed"), directory);
  }

  add({ destination, outcome, key, versionId }: Missed): void {
    const line = `${JSON.stringify([destination, outcome, key, versionId])}\n`;
    this.buffered.push(line);
    this.bufferedLength += line.length;
    if (this.bufferedLength >= CHUNK) this.flush();
  }

  /** @returns Bytes of the list so far, all of which are in the file. */
  flush(): number {
    if (this.isStale) this.cutTo(0);
    const bytes = Buffer.from(this.buffered.join(""));
    for (let at = 0; at < bytes.length;) at += writeSync(this.descriptor, bytes, at);
    this.length += bytes.length;
    this.buffered = [];
    this.bufferedLength = 0;
    return this.length;
  }

  /**
   * Forgets what was added behind so many bytes.
   * @throws InvalidInputError where the list of a run that goes on is not there any more.
   */
  cutTo(length: number): void {
    if (fstatSync(this.descriptor).size < length) {
      throw new InvalidInputError("--resume", [
        `must have its list beside it, got ${show(this.file)}, which is shorter than it was; delete both to begin anew`,
      ]);
    }
    this.isStale = false;
    ftruncateSync(this.descriptor, length);
    this.length = length;
  }

  async *all(): AsyncIterable<Missed> {
    this.flush();
    const lines = createInterface({ input: createReadStream(this.file), crlfDelay: Infinity });
    for await (const line of lines) {
      const [destination, outcome, key, versionId] = JSON.parse(line) as [number, number, string, string];
      yield { destination, outcome, key, versionId };
    }
  }

  /** An empty list belongs to no state. */
  close(): void {
    const isEmpty = fstatSync(this.descriptor).size === 0;
    closeSync(this.descriptor);
    if (isEmpty) this.removeFile();
  }

  /** The list is of no use any more. */
  remove(): void {
    this.close();
    this.removeFile();
  }

  private removeFile(): void {
    if (this.directory === undefined) rmSync(this.file, { force: true });
    else this.directory.remove();
  }
}
