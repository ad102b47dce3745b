/** One row of the table. */
export interface Row {
  /** Stands for the row in notes: `components/byHand/100/time`. */
  readonly id: string;
  readonly measured: string;
  readonly against: string;
  /** Medians, in words. */
  readonly figures: string;
  /** What is held against the goal. */
  readonly value: number;
  /** Undefined where the value is only reported. */
  readonly goal?: number;
  /** How the value is shown. Default: "ratio". */
  readonly kind?: "ratio" | "exponent" | "megabytes";
}

/** A curve of the plot. */
export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly size: number; readonly ms: number; readonly mb: number }[];
}

/** What one measurement adds to the report. */
export interface Findings {
  readonly rows: readonly Row[];
  readonly curves?: readonly Curve[];
}

export interface Settings {
  /** Sizes up to 100 and fewer rounds, for a look. */
  readonly quick: boolean;
  /** Versions a side of the largest inventories. Default: 10,000,000. */
  readonly versions?: number;
  /** Says what is being measured. */
  readonly say: (what: string) => void;
}

export const milliseconds = (ms: number): string =>
  ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : ms >= 10 ? `${ms.toFixed(0)} ms` : `${ms.toPrecision(2)} ms`;
export const megabytes = (mb: number): string => `${mb.toFixed(0)} MB`;
export const against = (ours: string, theirs: string): string => `${ours} / ${theirs}`;
