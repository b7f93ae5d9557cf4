/** Vaults that have something to send and wait for their account: it has one transaction in flight. First come, first served. */
export class LaneTurns {
  readonly #waiting = new Set<string>();
  readonly #inFlight = new Set<string>();

  /** A transaction of this vault is in flight. */
  sent(vault: string): void {
    this.#waiting.delete(vault);
    this.#inFlight.add(vault);
  }

  /** It could not send, as another transaction is in flight. */
  wait(vault: string): void {
    this.#inFlight.delete(vault);
    this.#waiting.add(vault);
  }

  /** It wants nothing. */
  done(vault: string): void {
    this.#inFlight.delete(vault);
    this.#waiting.delete(vault);
  }

  /** Those whose transaction may have been mined with a new head. */
  get inFlight(): readonly string[] {
    return [...this.#inFlight];
  }

  /** Whose turn it is; null while a transaction is in flight, or nobody waits. */
  next(): string | null {
    if (this.#inFlight.size > 0) return null;
    const [first] = this.#waiting;
    return first ?? null;
  }

  clear(): void {
    this.#waiting.clear();
    this.#inFlight.clear();
  }
}
