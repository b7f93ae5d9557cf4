import { KeeperError } from "../../errors.js";

/** What a perp venue asks. Shares are of the notional Σ|units|·price. */
export interface VenueTerms {
  /** Below it an account is liquidated, and may not reduce: Perp v2 has 0.0625. */
  readonly maintenance: number;
  /** A trade that adds notional must leave this much: Perp v2 has 0.1. */
  readonly initial: number;
  /** Penalty of a liquidation: Perp v2 has 0.025. */
  readonly liquidationFee: number;
  /** What a liquidation loses to the market beside its fee. */
  readonly slippage: number;
}

/** How an account is kept: ratios of equity to notional, low ≤ target ≤ high. */
export interface MarginLevels {
  /** Below it margin is ordered, up to the target. */
  readonly low: number;
  readonly target: number;
  /** Above it what is beyond the target is taken back, as far as the venue pays out. */
  readonly high: number;
}

/** A liquidation; USD. */
export interface Liquidation {
  readonly notional: number;
  /** Before its cost. */
  readonly equity: number;
  /** Fee and slippage. */
  readonly cost: number;
  /** What the account owed beyond its cash: the venue's loss. */
  readonly shortfall: number;
}

export interface AccountOptions {
  readonly instruments: number;
  readonly terms: VenueTerms;
  /** Hours from the order of a top-up to its arrival. */
  readonly latency: number;
}

/**
 * A cross-margined account of shorts, in float USD: equity = cash + Σ(entry − price)·units. Units are short where positive, long where
 * negative. It is marked hour by hour: below maintenance all of it is closed at the mark, and what is left of the cash stays.
 */
export class ShortAccount {
  readonly terms: VenueTerms;
  readonly #latency: number;
  readonly #units: Float64Array;
  readonly #entries: Float64Array;
  readonly #prices: Float64Array;
  #orders: { arrives: number; amount: number }[] = [];
  #cash = 0;
  #reserve = Number.POSITIVE_INFINITY;
  #hour = 0;

  constructor({ instruments, terms, latency }: AccountOptions) {
    if (!(terms.maintenance > 0 && terms.initial >= terms.maintenance)) {
      throw new KeeperError(
        `Maintenance ${terms.maintenance} and initial margin ${terms.initial} are no venue's.`,
        "Choose 0 < maintenance ≤ initial margin.",
      );
    }
    this.terms = terms;
    this.#latency = latency;
    this.#units = new Float64Array(instruments);
    this.#entries = new Float64Array(instruments);
    this.#prices = new Float64Array(instruments).fill(Number.NaN);
  }

  /** Short by instrument. */
  get units(): Readonly<Float64Array> {
    return this.#units;
  }

  get cash(): number {
    return this.#cash;
  }

  /** Σ|units|·price, USD. */
  get notional(): number {
    return this.#notionalOf(this.#units);
  }

  /** USD, unrealised profit counted. */
  get equity(): number {
    let equity = this.#cash;
    this.#units.forEach((units, j) => {
      if (units !== 0) equity += (this.#entries[j]! - this.#prices[j]!) * units;
    });
    return equity;
  }

  /** USD that was ordered and has not arrived. */
  get inFlight(): number {
    return this.#orders.reduce((sum, { amount }) => sum + amount, 0);
  }

  /**
   * An hour goes by: prices are now these, the account is liquidated where they leave too little, then orders that are due arrive.
   *
   * @param prices By instrument, USD, all known
   */
  mark(prices: ArrayLike<number>): Liquidation | undefined {
    this.#hour += 1;
    this.quote(prices);
    const liquidation = this.#isTooThin() ? this.#liquidate() : undefined;
    this.#orders = this.#orders.filter(({ arrives, amount }) => {
      if (arrives <= this.#hour) this.#cash += amount;
      return arrives > this.#hour;
    });
    return liquidation;
  }

  /** Sets the prices without an hour going by, as before the first trade. */
  quote(prices: ArrayLike<number>): void {
    for (let j = 0; j < this.#prices.length; j++) {
      if (!(prices[j]! > 0)) {
        throw new KeeperError(`The price ${prices[j]} of instrument ${j} is none.`, "Mark to known prices only.");
      }
      this.#prices[j] = prices[j]!;
    }
  }

  /** Funding received, or a fee paid where negative; USD. */
  accrue(amount: number): void {
    this.#cash += amount;
  }

  /** Sets what margin can be taken from, USD; without limit until this is called. What is released goes back to it. */
  fund(reserve: number): void {
    this.#reserve = reserve;
  }

  /**
   * Changes the position to these units at the prices of now. Notional that is added brings its margin and the fee along from the
   * reserve, at most up to the target.
   *
   * @param cost Fee of the trade, USD
   * @returns False where the venue refuses: too little initial margin after more, or less while below maintenance; then nothing has changed
   */
  trade(units: ArrayLike<number>, { target }: MarginLevels, cost: number): boolean {
    const [before, after, equity] = [this.notional, this.#notionalOf(units), this.equity];
    const wanted = Math.min(target * (after - before), target * after - equity) + cost;
    const deposit = Math.min(Math.max(0, wanted), this.#reserve);
    const [has, needed] =
      after > before
        ? [equity - cost + deposit, this.terms.initial * after]
        : [equity, this.terms.maintenance * before];
    if (has < needed) return false;
    this.#reserve -= deposit;
    this.#cash += deposit - cost;
    for (let j = 0; j < this.#units.length; j++) this.#resize(j, units[j]!);
    return true;
  }

  /**
   * Orders what is missing to the target where equity and what is in flight are below `low`, as far as the reserve goes; takes back what is
   * beyond the target where equity is above `high`. The venue pays out no unrealised profit, and keeps the initial margin.
   *
   * @returns USD ordered, negative where released
   */
  keep({ low, target, high }: MarginLevels): number {
    const { notional, equity } = this;
    const coming = equity + this.inFlight;
    if (coming < low * notional) {
      const amount = Math.min(target * notional - coming, this.#reserve);
      if (amount <= 0) return 0;
      this.#reserve -= amount;
      this.#orders.push({ arrives: this.#hour + this.#latency, amount });
      return amount;
    }
    if (equity <= high * notional) return 0;
    const payable = Math.min(this.#cash, equity) - this.terms.initial * notional;
    const amount = Math.min(equity - target * notional, payable);
    if (amount <= 0) return 0;
    this.#cash -= amount;
    this.#reserve += amount;
    return -amount;
  }

  #notionalOf(units: ArrayLike<number>): number {
    let notional = 0;
    for (let j = 0; j < this.#prices.length; j++)
      if (units[j] !== 0) notional += Math.abs(units[j]!) * this.#prices[j]!;
    return notional;
  }

  #isTooThin(): boolean {
    const { notional } = this;
    return notional > 0 && this.equity < this.terms.maintenance * notional;
  }

  #liquidate(): Liquidation {
    const { notional, equity } = this;
    const cost = (this.terms.liquidationFee + this.terms.slippage) * notional;
    const left = equity - cost;
    this.#units.fill(0);
    this.#cash = Math.max(0, left);
    return { notional, equity, cost, shortfall: Math.max(0, -left) };
  }

  /** One instrument's units at its price; what is closed realises its share of the profit. */
  #resize(j: number, units: number): void {
    const [held, price] = [this.#units[j]!, this.#prices[j]!];
    const stays = held * units > 0 ? Math.sign(held) * Math.min(Math.abs(held), Math.abs(units)) : 0;
    this.#cash += stays === held ? 0 : (this.#entries[j]! - price) * (held - stays);
    this.#entries[j] = units === 0 ? 0 : (this.#entries[j]! * stays + price * (units - stays)) / units;
    this.#units[j] = units;
  }
}
