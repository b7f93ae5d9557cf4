/**
 * One way to do a thing, timed beside the others.
 * @property run Does it once, or promises to; what it returns keeps it from being optimised away
 */
export type Contender = { name: string; run: () => unknown };

/** What a run returns that has measured itself, where the clock around it would measure others' work too. */
export class Took {
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }
}

/** Most memory that was held at a time, and time of all cores together. */
export type Spent = { peakGiB: number; cpuSeconds: number };

/**
 * One thing whose speed is measured.
 * @property work Units that one run does, 1 where it is left out
 * @property unit What they are: "plan", "round"
 * @property others What to compare with, in the same run of the benchmark
 * @property once True for what takes minutes: it is run a single time
 * @property most Milliseconds that one run may take
 * @property figures What else was measured, by name with its unit
 * @property process What a run in a process of its own has taken, and may take, over all of its workers
 */
export type EngineCase = {
  name: string;
  unit: string;
  work?: number;
  own: Contender;
  others?: Contender[];
  once?: boolean;
  most?: number;
  figures?: () => Record<string, number>;
  process?: { spent: () => Spent; mostGiB: number };
};

/** Something that is counted and not timed, such as requests or bytes. */
export type CountedCase = {
  name: string;
  unit: string;
  count: number;
  /** So many there may be. */
  most: number;
  /** What else was counted, by name. */
  figures?: Record<string, number>;
};

/** Prepares what is measured. */
export type EngineCases = () => (EngineCase | CountedCase)[] | Promise<(EngineCase | CountedCase)[]>;
