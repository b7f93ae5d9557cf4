/** An asset of the vault, as far as its parameters depend on it. */
export interface ShapeAsset {
  /** As the deployment or the vault calls it: its key in the parameter file. */
  readonly symbol: string;
  /** Its name in the price data. */
  readonly series: string;
  readonly stable: boolean;
  /** Largest distance from a dollar at which its price is good; 0 for an asset that is not a stable. */
  readonly stableBand: number;
  /** Of its feed: threshold (1.0 = 100%), and longest age of a good answer, seconds. */
  readonly deviation: number;
  readonly heartbeat: number;
}

/** The pool that the vault provides liquidity in: indices of its tokens, the risky one first. */
export interface ShapePool {
  readonly asset: number;
  readonly quote: number;
  /** Share of a swap. */
  readonly fee: number;
  readonly tickSpacing: number;
}

/** A market that the vault may short. */
export interface ShapeHedge {
  readonly asset: number;
  /** Share of the notional that a trade costs. */
  readonly cost: number;
}

/** What a vault is made of, before its parameters are chosen. */
export interface VaultShape {
  readonly name: string;
  readonly assets: readonly ShapeAsset[];
  readonly pool: ShapePool;
  /** Ascending by asset, each once. */
  readonly hedges: readonly ShapeHedge[];
  /** Index of the token that margin is paid in. */
  readonly settlement: number;
  /** Margin over notional below which the venue liquidates, 1.0 = 100%. */
  readonly maintenance: number;
  /** Share of cash and of what sales brought that the venue counts as margin; less than 1 where it lends. */
  readonly weight: number;
  /** What the deployment chooses itself: capacity of the keeper's loss budget, share of NAV; volatility below which no hedge is asked for. */
  readonly lossBudget: number;
  readonly hedgeFloor: number;
  /** The rebalance horizon h of the gamma term, seconds. */
  readonly horizon: number;
  /** What the parameters are now, by path in the parameter file; what is not known is left out. */
  readonly now: Readonly<Record<string, string>>;
}
