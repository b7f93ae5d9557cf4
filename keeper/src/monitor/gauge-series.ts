import type { Gauge } from "prom-client";

type Labels<L extends string> = Readonly<Record<L, string>>;

/** Gauges that one owner sets, so that none outlives what it tells of. */
export class GaugeSeries {
  readonly #series = new Map<string, { readonly remove: () => void; round: number }>();
  #round = 0;

  /** Set a gauge; one that is not known is left out. */
  set<L extends string>(gauge: Gauge<L>, labels: Labels<L>, value: number | null): void {
    if (value === null) return;
    gauge.set(labels, value);
    const key = `${nameOf(gauge)} ${JSON.stringify(labels)}`;
    this.#series.set(key, { remove: () => gauge.remove(labels), round: this.#round });
  }

  /** Take away what was not set since the last sweep. */
  sweep(): void {
    for (const [key, { remove, round }] of this.#series) {
      if (round === this.#round) continue;
      remove();
      this.#series.delete(key);
    }
    this.#round += 1;
  }

  /** Take everything away. */
  clear(): void {
    for (const { remove } of this.#series.values()) remove();
    this.#series.clear();
  }
}

/** prom-client keeps the name, and its types do not tell. */
function nameOf<L extends string>(gauge: Gauge<L>): string {
  return (gauge as unknown as { readonly name: string }).name;
}
