import { mulDiv } from "../math.js";
import type { ReadPoint } from "../multicall.js";
import type { VaultState } from "../state/types.js";
import { ONE, usdValue } from "../units.js";
import { toExposures } from "./exposures.js";
import type { VaultReport } from "./types.js";
import { readVolatility } from "./volatility.js";

/** A report of a state; reads only the variances, at the state's own block. */
export async function toReport(state: VaultState, at: ReadPoint): Promise<VaultReport> {
  const { mid, half, ok } = state.nav;
  return {
    vault: state.address,
    name: state.name,
    symbol: state.symbol,
    block: state.block,
    pricesOk: ok,
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
    ...toExposures(ok ? state.assets : []),
    volatility: ok ? await readVolatility(state, at) : { hedged: null, unhedged: null },
    epoch: state.epoch,
    ...toRules(state),
  };
}

/** The part of a report that says what may be done now, and at what price. */
function toRules(state: VaultState): Pick<VaultReport, RuleKeys> {
  const { settings, limits, publicLimits, queue, lossSpent } = state;
  return {
    mode: state.mode,
    fees: {
      management: settings.managementFee,
      performance: settings.performanceFee,
      highWaterMark: state.highWaterMark,
      recipient: settings.feeRecipient,
    },
    queue: {
      shares: queue.shares,
      ofSupply: mulDiv(queue.shares, ONE, state.totalSupply),
      since: queue.since || null,
      anybodyMaySettleAt: queue.since === 0 ? null : queue.since + Number(settings.maxWait),
    },
    lossBudgets: {
      keeper: { spent: lossSpent.keeper, capacity: limits.lossBudget },
      public: { spent: lossSpent.public, capacity: publicLimits.lossBudget },
    },
    alarmAt: state.alarmAt || null,
    lastSign: state.lastSign,
    navTimestamp: state.navTimestamp,
  };
}

type RuleKeys = "mode" | "fees" | "queue" | "lossBudgets" | "alarmAt" | "lastSign" | "navTimestamp";
