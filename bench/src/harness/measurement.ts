/** What one process found, told to the parent as one line of JSON. */
export interface Measurement {
  /** From before anything is loaded to the end of the work, in milliseconds. */
  readonly totalMs: number;
  /** The work alone, in milliseconds. */
  readonly workMs: number;
  /** Processor time of the work on all threads of the process, in milliseconds: other work on the machine hardly changes it. */
  readonly cpuMs: number;
  /** Most memory that the process had at a time, in MB. */
  readonly peakMb: number;
}
