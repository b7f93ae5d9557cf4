import { keeperLiveness } from "../keeper/keeperLiveness.js";
import { limitsUsed } from "../limits/limitsUsed.js";
import { max, mulDivUp } from "../math.js";
import { queueOutlook } from "../queue/queueOutlook.js";
import { greeks } from "../risk/greeks.js";
import { volatilityLine } from "../risk/volatility.js";
import type { VaultState } from "../state/types.js";
import { type Ratio18, type Usd18, usdValue } from "../units.js";
import { exposuresOf } from "./exposures.js";
import type { BudgetLine, VaultReport } from "./types.js";

/** Time in which a loss budget refills from empty, seconds. */
const REFILL = 7n * 86_400n;

/**
 * A report of a state.
 *
 * @param rooms What may come in of each asset, USD, as `depositRoom` tells; null where it does not
 */
export function toReport(state: VaultState, rooms?: readonly (Usd18 | null)[]): VaultReport {
  const { mid, half, ok } = state.nav;
  return {
    vault: state.address,
    name: state.name,
    symbol: state.symbol,
    block: state.block,
    pricesOk: state.assets.every(({ price }) => price.ok),
    nav: ok ? { mid, low: mid - half, high: mid + half } : null,
    totalSupply: state.totalSupply,
    sharePrice: state.sharePrice,
    idle: state.assets.map(({ address, symbol, decimals, idle, price }) => ({
      asset: address,
      symbol,
      decimals,
      amount: idle,
      usd: price.ok ? usdValue(idle, decimals, price.mid) : null,
    })),
    legs: state.legs.map(({ address, venue, isHedge, value, marginRatio }) => ({
      address,
      venue,
      isHedge,
      equity: value?.equity ?? null,
      closeOutCost: value?.closeOutCost ?? null,
      marginRatio,
    })),
    ...exposuresOf(state),
    volatility: volatilityLine(state),
    greeks: greeks(state),
    epoch: state.epoch,
    ...toRules(state, rooms),
  };
}

/** The part of a report that says what may be done now, and at what price. */
function toRules(state: VaultState, rooms?: readonly (Usd18 | null)[]): Pick<VaultReport, RuleKeys> {
  const { settings, limits, publicLimits, lossSpent } = state;
  return {
    mode: state.mode,
    fees: {
      management: settings.managementFee,
      performance: settings.performanceFee,
      highWaterMark: state.highWaterMark,
      recipient: settings.feeRecipient,
    },
    queue: queueOutlook(state),
    lossBudgets: {
      keeper: budget(lossSpent.keeper, limits.lossBudget, state.block.timestamp),
      public: budget(lossSpent.public, publicLimits.lossBudget, state.block.timestamp),
    },
    limits: limitsUsed(state, rooms),
    keeper: keeperLiveness(state),
    navTimestamp: state.navTimestamp,
  };
}

/** A bucket of contracts/rebalance/LossBudget.sol. */
function budget(spent: Ratio18, capacity: Ratio18, now: number): BudgetLine {
  const fullIn = capacity === 0n ? 0n : mulDivUp(spent, REFILL, capacity);
  return { spent, capacity, left: max(capacity - spent, 0n), fullAt: now + Number(fullIn) };
}

type RuleKeys = "mode" | "fees" | "queue" | "lossBudgets" | "limits" | "keeper" | "navTimestamp";
