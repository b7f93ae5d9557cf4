import { CrosshedgeError } from "../../errors/CrosshedgeError.js";
import { decoded } from "../../errors/decoded.js";
import { collectHistory } from "../../history/collectHistory.js";
import type { VaultEvent } from "../../history/events.js";
import { ONE, type Ratio18, type Usd18 } from "../../units.js";
import type { CrosshedgeVault } from "../../vault.js";
import { readSharePrices, type SharePricePoint } from "./sharePrice.js";

/** A return, by itself and for a year. */
export interface YieldFigures {
  /** Last price / first price − 1. */
  total: Ratio18;
  /** total · 365 days / time. */
  simple: Ratio18;
  /** (1 + total)^(365 days / time) − 1, to twelve digits; null where that is beyond 10^6, or everything was lost. */
  compounded: Ratio18 | null;
}

/** What a share earned between two blocks. */
export interface YieldReport {
  from: SharePricePoint;
  to: SharePricePoint;
  /** Seconds between them. */
  seconds: number;
  startPrice: Usd18;
  endPrice: Usd18;
  /** What a holder had: after the management fee, the one that is due included, and the performance fee. */
  net: YieldFigures;
  /** The same without fees: each fee's dilution, (supply + fee shares) / supply, is taken back. */
  gross: YieldFigures;
  /** The management fee's dilution of the holders over the period. */
  managementFee: Ratio18;
  performanceFee: Ratio18;
}

const YEAR = 365 * 86_400;
/** Ratios that are multiplied many times are kept with more digits. */
const FINE = 10n ** 36n;
const NOBODY = "0x0000000000000000000000000000000000000000";

/**
 * The yield of a share between two points of the same vault.
 *
 * @param events Between them, in chain order: every `FeesAccrued`, and every `Transfer` from and to nobody
 * @throws {CrosshedgeError} NOT_ENOUGH_DATA where an end has no price
 */
export function yieldOf(from: SharePricePoint, to: SharePricePoint, events: readonly VaultEvent[]): YieldReport {
  const seconds = to.timestamp - from.timestamp;
  const [startPrice, endPrice] = [from.sharePrice?.mid ?? 0n, to.sharePrice?.mid ?? 0n];
  if (startPrice === 0n || to.sharePrice === null || seconds <= 0) {
    throw new CrosshedgeError(
      "NOT_ENOUGH_DATA",
      `There is no share price at block ${startPrice === 0n ? from.blockNumber : to.blockNumber}, or no time between.`,
      { nextStep: "Begin and end at different blocks at which there were shares and good prices." },
    );
  }
  const { management, performance } = dilutions(from, to, events);
  const growth = (to.sharePrice.mid * FINE) / startPrice;
  const gross = (((growth * management) / FINE) * performance) / FINE;
  return {
    ...{ from, to, seconds, startPrice, endPrice },
    net: figuresOf(growth, seconds),
    gross: figuresOf(gross, seconds),
    managementFee: (management - FINE) / (FINE / ONE),
    performanceFee: (performance - FINE) / (FINE / ONE),
  };
}

/** By how much each fee multiplied the supply. */
function dilutions(from: SharePricePoint, to: SharePricePoint, events: readonly VaultEvent[]) {
  let supply = from.totalSupply;
  const due = (point: SharePricePoint) =>
    point.totalSupply === 0n ? FINE : (point.supplyWithFees * FINE) / point.totalSupply;
  let management = (due(to) * FINE) / due(from);
  let performance = FINE;
  let unpaid = from.supplyWithFees - from.totalSupply;
  // Shares that come in pay for what is due already: they thin it out, which is no gain of those who hold.
  const change = (shares: bigint) => {
    const [before, after] = [supply, supply + shares];
    if (unpaid > 0n && before > 0n && after > 0n) {
      management = (management * (before + unpaid) * after) / (before * (after + unpaid));
    }
    supply = after;
  };
  for (const event of events) {
    if (event.blockNumber <= from.blockNumber || event.blockNumber > to.blockNumber) continue;
    if (event.name === "Transfer") {
      if (event.args.from === NOBODY) change(event.args.value);
      if (event.args.to === NOBODY) change(-event.args.value);
    } else if (event.name === "FeesAccrued" && supply > 0n) {
      management = (management * (supply + event.args.managementShares)) / supply;
      performance = (performance * (supply + event.args.performanceShares)) / supply;
      if (event.args.managementShares > 0n) unpaid = 0n;
    }
  }
  return { management, performance };
}

function figuresOf(growth: bigint, seconds: number): YieldFigures {
  const total = growth / (FINE / ONE) - ONE;
  const compounded = (Number(total) / 1e18 + 1) ** (YEAR / seconds) - 1;
  return {
    total,
    simple: (total * BigInt(YEAR)) / BigInt(seconds),
    compounded: total <= -ONE || !(compounded <= 1e6) ? null : BigInt(Math.round(compounded * 1e12)) * 10n ** 6n,
  };
}

/**
 * What a share earned between two blocks, after fees and before them.
 *
 * @throws {CrosshedgeError} NOT_ENOUGH_DATA, BAD_ARGUMENT, READ_FAILED
 * @example
 * const { net, gross } = await readYield(vault, { from, to });
 * console.log(formatPercent(net.total), formatPercent(gross.total));
 */
export async function readYield(
  vault: CrosshedgeVault,
  { from, to, signal }: { from: number; to: number; signal?: AbortSignal },
): Promise<YieldReport> {
  return decoded(async () => {
    if (!(from < to)) throw new CrosshedgeError("BAD_ARGUMENT", "`from` must be before `to`.");
    const [points, { events }] = await Promise.all([
      readSharePrices(vault, { at: [from, to], ...(signal && { signal }) }),
      collectHistory(vault, { from: from + 1, to, names: ["Transfer", "FeesAccrued"], ...(signal && { signal }) }),
    ]);
    return yieldOf(points[0] as SharePricePoint, points[1] as SharePricePoint, events);
  });
}
