// What a figure is: a promise with a limit, and how to measure it.

/** One promise. Lower is better. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** Absent: it is printed and nothing is promised. */
  readonly limit?: number;
  /** Which of the samples counts. `least` is for counts of instructions: what is above the least was waiting. Default: the median. */
  readonly pick?: 'median' | 'least';
  /** Returns the samples. Throws when there is nothing to measure. */
  measure(progress: Progress): Promise<Samples>;
}

/** What was measured. */
export interface Samples {
  readonly values: readonly number[];
  /** What the values were computed from, for build/bench.jsonl. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Says what is being done, to who watches. */
export type Progress = (text: string) => void;

/** Returns the middle one; of an even number, the upper of the two in the middle. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('the median of no samples');
  return middle;
};

/** Returns the value of a figure. */
export const valueOf = (figure: Figure, { values }: Samples): number =>
  figure.pick === 'least' ? Math.min(...values) : median(values);

/** Returns whether a value keeps the promise. */
export const isWithin = (figure: Figure, value: number): boolean => figure.limit === undefined || value <= figure.limit;

/** Returns the line for a person. */
export const formatFigure = (figure: Figure, value: number): string =>
  `bench ${figure.name} ${Number(value.toPrecision(3))} ${figure.unit} limit ${figure.limit ?? 'none'} ${isWithin(figure, value) ? 'ok' : 'miss'}`;
