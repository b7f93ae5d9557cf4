type Phase = "waiting" | "queued" | "running" | "retrying";

interface Entry {
  phase: Phase;
  /** While it waits: when it is due. While it runs: when it is wanted again, as far as news came meanwhile. */
  due: number;
}

/** When each vault of a lane is to be looked at next. The caller has the clock; times are milliseconds. */
export class Agenda {
  readonly #entries = new Map<string, Entry>();

  /** All of them are due at a time; whatever was known is forgotten. */
  restart(vaults: readonly string[], due: number): void {
    this.#entries.clear();
    for (const vault of vaults) this.#entries.set(vault, { phase: "waiting", due });
  }

  /** It is wanted at a time, if it is not sooner anyway. One that is retried after a failure stays so: its pause counts. */
  wake(vault: string, at: number): void {
    const entry = this.#entries.get(vault);
    if (entry === undefined || entry.phase === "queued" || entry.phase === "retrying") return;
    entry.due = Math.min(entry.due, at);
  }

  /** Those whose time has come, longest due first; from now on they count as queued. */
  takeDue(now: number): string[] {
    const due = [...this.#entries].filter(([, { phase, due }]) => phase === "waiting" && due <= now);
    due.sort(([, a], [, b]) => a.due - b.due);
    for (const [, entry] of due) entry.phase = "queued";
    return due.map(([vault]) => vault);
  }

  /** Its tick begins: news from now on ask for another. */
  begin(vault: string): void {
    this.#set(vault, "running", Number.POSITIVE_INFINITY);
  }

  /** Its tick has ended; the next is due at a time, or when news that came meanwhile want it. */
  end(vault: string, due: number): void {
    const entry = this.#entries.get(vault);
    this.#set(vault, "waiting", Math.min(due, entry?.due ?? due));
  }

  /** Its tick has failed; the queue brings it again. */
  retry(vault: string): void {
    this.#set(vault, "retrying", Number.POSITIVE_INFINITY);
  }

  /** When the first of those that wait is due; null where none waits. */
  get next(): number | null {
    const waiting = [...this.#entries.values()].filter(({ phase }) => phase === "waiting").map(({ due }) => due);
    return waiting.length === 0 ? null : Math.min(...waiting);
  }

  /** How many are in a phase. */
  count(phase: Phase): number {
    return [...this.#entries.values()].filter((entry) => entry.phase === phase).length;
  }

  #set(vault: string, phase: Phase, due: number): void {
    if (this.#entries.has(vault)) this.#entries.set(vault, { phase, due });
  }
}
