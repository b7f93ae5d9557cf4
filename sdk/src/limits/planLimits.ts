import { volatilityLine } from "../risk/volatility.js";
import type { VaultState } from "../state/types.js";
import { linesOf, overNavUp } from "./limitUse.js";
import type { LimitUse } from "./types.js";

const { most, least } = linesOf("limits");
const abs = (value: bigint): bigint => (value < 0n ? -value : value);

/** What a plan is judged by, on the vault as it stands: as a plan that leaves it so would be. */
export function planLimits(state: VaultState): LimitUse[] {
  return [...riskLimits(state), ...exposureLimits(state), ...legLimits(state), ...paceLimits(state)];
}

function riskLimits(state: VaultState): LimitUse[] {
  const { limits, covariance } = state;
  const { hedged, unhedged, gamma, removed } = volatilityLine(state);
  const measured = covariance.usable && hedged !== null && unhedged !== null;
  // Not asked while there is next to nothing to hedge.
  const asked = measured && unhedged >= limits.hedgeFloor;
  return [
    most({ name: "maxVolatility", limit: limits.maxVolatility, used: measured ? hedged : null }),
    most({ name: "maxGammaVolatility", limit: limits.maxGammaVolatility, used: measured ? gamma : null }),
    least({ name: "minHedge", limit: limits.minHedge, used: asked ? removed : null }),
  ];
}

function exposureLimits({ limits, assets, prices, portfolio, settlementToken }: VaultState): LimitUse[] {
  const { nav } = portfolio;
  const share = (usd: bigint): bigint | null => (prices.ok ? overNavUp(usd, nav) : null);
  const risky = assets.filter(({ feed }) => feed.stableBand === 0n);
  const shorts = assets.filter(({ address }) => address !== settlementToken);
  const gross = shorts.reduce((total, { hedgeExposure }) => total + abs(hedgeExposure), 0n);
  return [
    ...risky.map(({ address, exposure }) =>
      most({ name: "maxAsset", subject: address, limit: limits.maxAsset, used: share(abs(exposure)) }),
    ),
    most({ name: "maxGross", limit: limits.maxGross, used: share(gross) }),
  ];
}

function legLimits({ limits, legs, portfolio: { nav } }: VaultState): LimitUse[] {
  return legs.flatMap((leg) => {
    const subject = leg.address;
    if (leg.isHedge) {
      const equity = leg.value && overNavUp(leg.value.equity, nav);
      return [
        most({ name: "maxVenue", subject, limit: limits.maxVenue, used: equity }),
        least({ name: "minMarginRatio", subject, limit: limits.minMarginRatio, used: leg.marginRatio }),
      ];
    }
    if (leg.kind !== "liquidity") return [];
    const width = leg.liquidity === 0n ? null : BigInt(leg.tickUpper - leg.tickLower);
    return [
      most({ name: "poolBand", subject, limit: limits.poolBand, used: leg.deviation }),
      least({ name: "minRangeWidth", subject, unit: "ticks", limit: limits.minRangeWidth, used: width }),
    ];
  });
}

function paceLimits({ limits, lossSpent, keeperReadyAt, block }: VaultState): LimitUse[] {
  return [
    most({ name: "lossBudget", limit: limits.lossBudget, used: lossSpent.keeper }),
    least({ name: "cooldown", unit: "seconds", ...cooldown(limits.cooldown, keeperReadyAt, block.timestamp) }),
  ];
}

/** Seconds of a cooldown that are over: all of them exactly where it is. */
export function cooldown(limit: bigint, readyAt: number, now: number): { limit: bigint; used: bigint } {
  const left = BigInt(Math.max(0, readyAt - now));
  return { limit, used: left > limit ? 0n : limit - left };
}
