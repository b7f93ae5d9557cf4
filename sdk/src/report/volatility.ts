import { ICovarianceOracle__views } from "../generated/abi.js";
import { isqrt } from "../math.js";
import type { ReadPoint } from "../multicall.js";
import { Batch } from "../read/batch.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import type { VaultState } from "../state/types.js";
import { ONE, type Ratio18, type Usd18 } from "../units.js";
import type { VolatilityLine } from "./types.js";

/**
 * √variance / NAV, 1e18 = 100% a year; null for a NAV that is not above zero.
 *
 * @param variance USD² a year, 1e18
 */
export function volatilityOf(variance: bigint, nav: Usd18): Ratio18 | null {
  return nav > 0n ? (isqrt(variance * ONE) * ONE) / nav : null;
}

/** The vault's volatility by the on-chain covariance, with and without its hedge legs. */
export async function readVolatility(state: VaultState, at: ReadPoint): Promise<VolatilityLine> {
  const oracle = contractAt(ICovarianceOracle__views, state.covarianceOracle);
  const { exposure, hedgeExposure, gammas, nav } = state.portfolio;
  const without = exposure.map((total, index) => total - (hedgeExposure[index] ?? 0n));
  const batch = new Batch(at);
  const [hedged, unhedged] = [exposure, without].map((vector) =>
    batch.add(contractCall(oracle, "variance", vector, gammas, state.limits.horizon)),
  );
  await batch.send();
  const volatility = (answer: { total: bigint } | null | undefined) =>
    answer ? volatilityOf(answer.total, nav) : null;
  return { hedged: volatility(hedged?.orNull()), unhedged: volatility(unhedged?.orNull()) };
}
