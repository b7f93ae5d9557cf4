import { CovarianceOracle__factory } from "@crosshedge/sdk/contracts";
import { parseUnits } from "ethers";
import { deployOracles } from "../../scripts/deploy/system.js";
import type { TestToken } from "../../scripts/devnet/generated/own/index.js";
import { toSqrtX96 } from "../../scripts/devnet/math.js";
import { movePool, type World } from "../../scripts/devnet/world.js";
import { depositBasket, hedgeOrders } from "./actions.js";
import { type Fixture, GENESIS, START, vaultIn, worldWithOracles } from "./fixture.js";
import { liquidityFor, orders, planOf, type Range, rangeAround, usdc } from "./orders.js";
import { emptyPool, giveLiquidity } from "./pools.js";

/** What MockStrangeToken can be told to do. */
export const QUIRKS = { None: 0, Fee: 1, ReturnsNothing: 2, ReturnsFalse: 3, RefusesZero: 4 } as const;

/** USD on each side of the pool's background liquidity, over the whole range of prices. */
const DEPTH = 20_000_000n;

/**
 * A world with history and one vault, as `vaultWithHistory`, but its ALT is a MockStrangeToken of the given decimals, in a pool of its own.
 * Give a function that calls it to `reusable`.
 */
export async function vaultWithStrangeToken(decimals: number) {
  const { connection, world: plain, rounds } = await worldWithOracles({ history: false });
  const { deployer, stranger } = plain.signers;
  const deployed = await plain.ethers.deployContract("MockStrangeToken", [plain.altSymbol, plain.altSymbol, decimals]);
  const token = deployed as unknown as TestToken;
  if (plain.mover) await token.setMinter(plain.mover, true);
  const tokens = { ...plain.tokens, ALT: token };
  const raw = START.ALT * 10 ** (6 - decimals);
  const first = BigInt(await token.getAddress()) < BigInt(await tokens.USDC.getAddress());
  const pool = await emptyPool({ ...plain, tokens }, 3_000, toSqrtX96(first ? raw : 1 / raw));
  const address = await pool.getAddress();
  const world: World = {
    ...plain,
    tokens,
    uniswap: { ...plain.uniswap, pools: { ...plain.uniswap.pools, altUsdc: pool } },
    deployment: {
      ...plain.deployment,
      tokens: { ...plain.deployment.tokens, [plain.altSymbol]: await token.getAddress() },
      uniswap: { ...plain.deployment.uniswap, pools: { ...plain.deployment.uniswap.pools, altUsdc: address } },
    },
  };
  await giveLiquidity(world, pool, { tickLower: -887_220, tickUpper: 887_220 }, DEPTH);
  const oracles = await deployOracles(deployer, world.deployment, GENESIS);
  await CovarianceOracle__factory.connect(oracles.covarianceOracle, stranger).poke(rounds);
  const parts = await vaultIn(world, oracles);
  await world.networkHelpers.time.increase(900);
  return { connection, world, oracles, rounds, ...parts };
}

/** `movePool` of ALT/USDC for an ALT that has not 18 decimals. */
export async function moveStrangePool(world: World, decimals: number, priceUsd: number): Promise<void> {
  await movePool(world, "altUsdc", priceUsd * 10 ** (18 - decimals));
}

/** Alice deposits 100,000 USDC and 5,000 ALT (at $10), and a first plan with liquidity and hedge lands, whatever the decimals of ALT. */
export async function strangePosition(f: Fixture): Promise<{ shares: bigint; range: Range }> {
  const alt = async (amount: number) => parseUnits(String(amount), await f.world.tokens.ALT.decimals());
  const shares = await depositBasket(f, f.world.signers.alice, usdc(100_000), await alt(5_000));
  const range = await rangeAround(f, 1.25);
  const { liquidity, perp } = f.deployment.legs as { liquidity: string; perp: string };
  const plan = [
    orders.margin(perp, usdc(50_000)),
    orders.mint(liquidity, range, await liquidityFor(f, range, await alt(4_000), usdc(40_000))),
    ...hedgeOrders(f),
  ];
  await f.rebalancer.rebalance(await planOf(f, plan));
  return { shares, range };
}
