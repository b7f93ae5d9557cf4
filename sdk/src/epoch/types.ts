import type { Ratio18, Usd18 } from "../units.js";

/** Who brought a plan. */
export type PlanProfile = "Keeper" | "Hedge" | "Deleverage";

/** What a plan did, as the chain measured it. Variances in USD² a year, 1e18. */
export interface PlanOutcome {
  navBefore: Usd18;
  navAfter: Usd18;
  varianceBefore: bigint;
  varianceAfter: bigint;
  /** After it, as if the hedge legs were not there. */
  varianceUnhedged: bigint;
  /** True if it was accepted because the variance fell, false if because the vault is inside limits and hedged. */
  reduced: boolean;
}

/** What the Rebalancer's `Rebalanced` event says of a plan. */
export interface RebalancedArgs {
  epoch: bigint;
  /** keccak256 of the keeper's record; zero on public paths. */
  decisionHash: string;
  sender: string;
  /** Who brought it, which decides only its limits. */
  profile: PlanProfile;
  outcome: PlanOutcome;
  /** True if nothing but reductions was allowed. */
  onlyReductions: boolean;
  /** Of the path's loss budget after the plan, share of NAV. */
  lossSpent: Ratio18;
}

/** One plan that was carried out, and where. */
export interface EpochEvent extends RebalancedArgs {
  vault: string;
  rebalancer: string;
  blockNumber: number;
  blockHash: string;
  transactionHash: string;
  logIndex: number;
}

/** A figure of a plan's outcome beside what the keeper expected. */
export interface ExpectedFigure {
  /** In the unit of `actual`; a keeper's record has floating point figures. */
  expected: bigint;
  actual: bigint;
  /** (actual − expected)/expected, 1e18 = 100%; null where nothing was expected. */
  difference: Ratio18 | null;
}

/** Whether a keeper's record is the one that was logged with a plan. */
export interface DecisionCheck {
  /** True if the record's hash is the one on the chain, and it is of this vault and epoch. */
  matches: boolean;
  /** keccak256 of the record's UTF-8 text. */
  hash: string;
  /** What does not fit, in words; empty where `matches`. */
  faults: string[];
  /** The block that the decision was made at; null for a text that is no record. */
  block: number | null;
  /** Null where the record predicts nothing. */
  navAfter: ExpectedFigure | null;
  varianceAfter: ExpectedFigure | null;
  varianceUnhedged: ExpectedFigure | null;
}
