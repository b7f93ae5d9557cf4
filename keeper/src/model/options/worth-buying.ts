/** Whether options against a position's gamma are worth their premium, and why. */
export interface Purchase {
  readonly buy: boolean;
  readonly reason: string;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

/**
 * Bought gamma costs about the loss versus rebalancing at implied volatility: it is worth that only where fees do not pay for the loss
 * anyway, or where a limit on gamma asks for it.
 *
 * @param feeApr Share of the position's value, a year
 * @param impliedLvr The same, of its loss versus rebalancing at implied volatility
 */
export function worthBuying(feeApr: number, impliedLvr: number, gammaLimitBinds: boolean): Purchase {
  if (gammaLimitBinds) return { buy: true, reason: "the limit on gamma asks for it, whatever it costs" };
  const compared = `fees of ${percent(feeApr)} a year against a loss versus rebalancing of ${percent(impliedLvr)} at implied volatility`;
  if (feeApr < impliedLvr) return { buy: true, reason: `${compared}: the position is not paid for its gamma` };
  return { buy: false, reason: `${compared}: the position is paid for its gamma` };
}
