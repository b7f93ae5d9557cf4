const HOUR = 3_600;
/** A feed that has said nothing for longer was not alive, seconds: its longest heartbeat, and as much again. */
const SILENCE = 48 * HOUR;

/** Log returns over whole hours of a feed that reports when it likes, from the prices in force at the hours' ends. */
export class HourlyReturns {
  readonly #onReturn: (logReturn: number) => void;
  /** Time and logarithm of the newest price. */
  #last: { readonly time: number; readonly log: number } | null = null;
  /** Logarithm of the price in force at the newest hour's end that was told; NaN where none was. */
  #told = Number.NaN;

  /** @param onReturn Is told each hour's, NaN for the first and for hours of silence */
  constructor(onReturn: (logReturn: number) => void) {
    this.#onReturn = onReturn;
  }

  /**
   * Take in a price.
   *
   * @param time Unix seconds, ascending
   * @param log Of the price
   */
  observe(time: number, log: number): void {
    this.#tell(time);
    this.#last = { time, log };
  }

  /** Tell the hours that ended before a time, in which the newest price was in force. */
  #tell(time: number): void {
    if (this.#last === null) return;
    const alive = time - this.#last.time <= SILENCE;
    let hour = Math.ceil(this.#last.time / HOUR) * HOUR;
    if (!alive) {
      this.#told = Number.NaN;
      this.#onReturn(Number.NaN);
      hour = Math.ceil(time / HOUR) * HOUR;
    }
    for (; hour < time; hour += HOUR) {
      this.#onReturn(this.#last.log - this.#told);
      this.#told = this.#last.log;
    }
  }
}
