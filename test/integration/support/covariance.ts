import { expect } from "chai";
import type {
  CovarianceOracleParams,
  CovarianceOracleState,
  OracleRound,
} from "../../../keeper/src/model/covariance-oracle.js";
import { roundsAt } from "../../../keeper/src/model/covariance-oracle.js";
import type { CovarianceOracle } from "../../../sdk/src/generated/index.js";
import { assetAddress, type Chain, type Feed, historyOf } from "./feeds.js";

export const WAD = 10n ** 18n;
export const HOUR = 3_600;
export const DAY = 86_400;
const ZERO = "0x0000000000000000000000000000000000000000";

/** Heartbeat, deviation, floor and band of one asset of the set under test. */
export interface AssetSpec {
  heartbeat: number;
  deviation: bigint;
  floor: bigint;
  stableBand: bigint;
}

export const VOLATILE: AssetSpec = {
  heartbeat: HOUR,
  deviation: WAD / 200n,
  floor: (WAD * 36n) / 100n,
  stableBand: 0n,
};
export const STABLE: AssetSpec = { heartbeat: DAY, deviation: WAD / 400n, floor: WAD / 10_000n, stableBand: WAD / 50n };

export interface GridParams {
  gridStep: number;
  genesis: number;
  halfLifeFast: number;
  halfLifeSlow: number;
  minHistory: number;
  maxAge: number;
}

export async function deployPrices(chain: Chain, feeds: readonly Feed[], specs: readonly AssetSpec[]) {
  return chain.ethers.deployContract("PriceOracle", [
    chain.signer.address,
    { feed: ZERO, grace: 0 },
    feeds.map((_, i) => assetAddress(i)),
    feeds.map((feed, i) => {
      const { heartbeat, deviation, stableBand } = specs[i] as AssetSpec;
      return { feed: feed.address, heartbeat, deviation, stableBand };
    }),
  ]);
}

/** The constructor's argument. */
export function oracleParams(prices: string, specs: readonly AssetSpec[], grid: GridParams) {
  return {
    prices,
    assets: specs.map((_, i) => assetAddress(i)),
    varianceFloors: specs.map((spec) => spec.floor),
    ...grid,
  };
}

export async function deployOracle(
  chain: Chain,
  feeds: readonly Feed[],
  specs: readonly AssetSpec[],
  grid: GridParams,
): Promise<CovarianceOracle> {
  const prices = await deployPrices(chain, feeds, specs);
  const oracle = await chain.ethers.deployContract("CovarianceOracle", [
    oracleParams(await prices.getAddress(), specs, grid),
  ]);
  return oracle as unknown as CovarianceOracle;
}

/** The same parameters for the TypeScript mirror. */
export function mirrorParams(specs: readonly AssetSpec[], grid: GridParams): CovarianceOracleParams {
  return {
    ...grid,
    heartbeats: specs.map((spec) => spec.heartbeat),
    varianceFloors: specs.map((spec) => Number(spec.floor) / 1e18),
  };
}

/** The claims of the next `count` grid times from what the chain knows. */
export async function claims(oracle: CovarianceOracle, feeds: readonly Feed[], count: number): Promise<bigint[][]> {
  const histories = await Promise.all(feeds.map(historyOf));
  return claimsFrom(oracle, histories, count);
}

export async function claimsFrom(
  oracle: CovarianceOracle,
  histories: readonly (readonly OracleRound[])[],
  count: number,
): Promise<bigint[][]> {
  const step = Number(await oracle.gridStep());
  const cursor = Number((await oracle.grid()).cursor);
  return roundsAt(
    histories,
    Array.from({ length: count }, (_, k) => cursor + (k + 1) * step),
  );
}

/** Every storage word of the oracle that a poke can touch. */
export async function storageOf(chain: Chain, oracle: CovarianceOracle): Promise<string[]> {
  const address = await oracle.getAddress();
  return Promise.all(Array.from({ length: 32 }, (_, slot) => chain.ethers.provider.getStorage(address, slot)));
}

/** The on-chain state agrees with the mirror's. */
export async function expectMirrored(oracle: CovarianceOracle, state: CovarianceOracleState): Promise<void> {
  const grid = await oracle.grid();
  expect(Number(grid.cursor)).to.equal(state.cursor);
  expect(Number(grid.lastFold)).to.equal(state.lastFold);
  expect(Number(grid.folded)).to.equal(state.folded);
  expectNear(Number(grid.keptFast) / 1e18, state.keptFast, 1e-12, 1);
  expectNear(Number(grid.keptSlow) / 1e18, state.keptSlow, 1e-12, 1);
}

/** Fails unless |actual − expected| ≤ tolerance·scale. */
export function expectNear(actual: number, expected: number, tolerance: number, scale = Math.abs(expected)): void {
  expect(Math.abs(actual - expected), `${actual} is not ${expected}`).to.be.at.most(tolerance * scale);
}
