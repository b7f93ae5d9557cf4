import type { VaultDeployment } from "@crosshedge/sdk";
import {
  CovarianceOracle__factory,
  HedgeVault__factory,
  type IHedgeVault,
  type IRebalancer,
  PerpV2Leg__factory,
  PriceOracle__factory,
  Rebalancer__factory,
  UniswapV3Leg__factory,
} from "@crosshedge/sdk/contracts";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { COVARIANCE_PARAMETERS, HEDGED_LIMITS } from "../../scripts/deploy/parameters.js";
import { deployOracles, deployVault, type Oracles, type VaultOptions } from "../../scripts/deploy/system.js";
import { deployWorld, setFeed, type World } from "../../scripts/devnet/world.js";
import { seededNormals } from "./random.js";

export const START = { ETH: 2000, BTC: 30_000, ALT: 10, USDC: 1 };
const GRID = Number(COVARIANCE_PARAMETERS.gridStep);
const STEPS = Number(COVARIANCE_PARAMETERS.minHistory / COVARIANCE_PARAMETERS.gridStep);
/** Midnight UTC, a grid time. */
export const GENESIS = Date.UTC(2024, 0, 1) / 1000;

/**
 * A world whose feeds stand at START, with oracles deployed; `history` says whether the covariance oracle knows 30 days.
 * @param on A chain of one's own in place of a new one in this process
 */
export async function worldWithOracles({ history, on }: { history: boolean; on?: NetworkConnection }) {
  const connection = on ?? (await network.create("world"));
  const world = await deployWorld(connection, { prices: START, startTime: GENESIS - 86_400 });
  const rounds: bigint[][] = [];
  const draw = seededNormals(7);
  for (let step = 0; step <= STEPS; step++) {
    await world.networkHelpers.time.increaseTo(GENESIS + step * GRID - 60);
    rounds.push(await submitRounds(world, step, draw));
  }
  await world.networkHelpers.time.increaseTo(GENESIS + STEPS * GRID + 60);
  const oracles = await deployOracles(world.signers.deployer, world.deployment, GENESIS);
  if (history) await CovarianceOracle__factory.connect(oracles.covarianceOracle, world.signers.stranger).poke(rounds);
  return { connection, world, oracles, rounds };
}

/** Correlated returns of one grid step; the last step is back at START, so that pools need not move. */
async function submitRounds(world: World, step: number, draw: () => number): Promise<bigint[]> {
  const back = step === 0 || step === STEPS;
  const common = 0.02 * draw();
  const moves = { USDC: 0, ALT: 1.2 * common + 0.012 * draw(), ETH: common, BTC: 0.8 * common + 0.006 * draw() };
  const ids: bigint[] = [];
  for (const asset of ["USDC", "ALT", "ETH", "BTC"] as const) {
    await setFeed(world, asset, START[asset] * (back ? 1 : Math.exp(moves[asset])));
    ids.push((await world.feeds[asset].proxy.latestRoundData()).roundId);
  }
  return ids;
}

/** Without a cooldown, so that plans may follow one another; it has a test of its own. */
const LIMITS: IRebalancer.LimitsStruct = { ...HEDGED_LIMITS, cooldown: 0n };

/** No fees, so that the figures of holders stand alone. */
const FREE = { managementFee: 0n, performanceFee: 0n };

/** One vault in ALT/USDC with its parts typed, and its keeper's signer. Free of fees if `settings` do not say otherwise. */
export async function vaultIn(
  world: World,
  oracles: Oracles,
  limits?: IRebalancer.LimitsStruct,
  settings: Partial<IHedgeVault.SettingsStruct> = FREE,
  morePools: VaultOptions["morePools"] = [],
) {
  const { deployer, keeper } = world.signers;
  const deployment: VaultDeployment = await deployVault(deployer, world.deployment, oracles, {
    name: "Crosshedge ALT/USDC",
    symbol: "xhALT",
    pool: "altUsdc",
    morePools,
    keeper: keeper.address,
    settings,
    limits: limits ?? LIMITS,
  });
  return {
    deployment,
    vault: HedgeVault__factory.connect(deployment.vault, deployer),
    rebalancer: Rebalancer__factory.connect(deployment.rebalancer, keeper),
    prices: PriceOracle__factory.connect(deployment.priceOracle, deployer),
    covariance: CovarianceOracle__factory.connect(deployment.covarianceOracle, deployer),
    liquidity: UniswapV3Leg__factory.connect(deployment.legs.liquidity as string, deployer),
    perp: PerpV2Leg__factory.connect(deployment.legs.perp as string, deployer),
  };
}

/** A world with history and one vault: what most tests start from. Give it to `loadFixture`. */
export async function vaultWithHistory() {
  const { connection, world, oracles, rounds } = await worldWithOracles({ history: true });
  return { connection, world, oracles, rounds, ...(await vaultIn(world, oracles)) };
}

/** The same with an oracle that has folded nothing. */
export async function vaultWithoutHistory() {
  const { connection, world, oracles, rounds } = await worldWithOracles({ history: false });
  return { connection, world, oracles, rounds, ...(await vaultIn(world, oracles)) };
}

export type Fixture = Awaited<ReturnType<typeof vaultWithHistory>>;
