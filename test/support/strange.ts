import { CovarianceOracle__factory } from "@crosshedge/sdk";
import { MaxUint256, parseUnits } from "ethers";
import { deployOracles } from "../../scripts/deploy/system.js";
import { UniswapV3Pool__factory } from "../../scripts/devnet/generated/index.js";
import type { TestToken } from "../../scripts/devnet/generated/own/index.js";
import { toSqrtX96 } from "../../scripts/devnet/math.js";
import { movePool, type World } from "../../scripts/devnet/world.js";
import { depositBasket, hedgeOrders } from "./actions.js";
import { type Fixture, GENESIS, START, vaultIn, worldWithOracles } from "./fixture.js";
import { liquidityFor, orders, planOf, type Range, rangeAround, usdc } from "./orders.js";

/** What MockStrangeToken can be told to do. */
export const QUIRKS = { None: 0, Fee: 1, ReturnsNothing: 2, ReturnsFalse: 3, RefusesZero: 4 } as const;

/** USD on each side of the pool's background liquidity, over the whole range of prices. */
const DEPTH = 20_000_000n;
const FEE = 3_000;

/**
 * A world with history and one vault, as `vaultWithHistory`, but its ALT is a MockStrangeToken of the given decimals, in a pool of its own.
 * Give a function that calls it to `reusable`.
 */
export async function vaultWithStrangeToken(decimals: number) {
  const { connection, world: plain, rounds } = await worldWithOracles({ history: false });
  const { deployer, maker, stranger } = plain.signers;
  const deployed = await plain.ethers.deployContract("MockStrangeToken", [plain.altSymbol, plain.altSymbol, decimals]);
  const token = deployed as unknown as TestToken;
  if (plain.mover) await token.setMinter(plain.mover, true);
  const pool = await poolOf(plain, token, decimals);
  const address = await pool.getAddress();
  const world: World = {
    ...plain,
    tokens: { ...plain.tokens, ALT: token },
    uniswap: { ...plain.uniswap, pools: { ...plain.uniswap.pools, altUsdc: pool } },
    deployment: {
      ...plain.deployment,
      tokens: { ...plain.deployment.tokens, [plain.altSymbol]: await token.getAddress() },
      uniswap: { ...plain.deployment.uniswap, pools: { ...plain.deployment.uniswap.pools, altUsdc: address } },
    },
  };
  await provide(world, maker, decimals);
  const oracles = await deployOracles(deployer, world.deployment, GENESIS);
  await CovarianceOracle__factory.connect(oracles.covarianceOracle, stranger).poke(rounds);
  const parts = await vaultIn(world, oracles);
  await world.networkHelpers.time.increase(900);
  return { connection, world, oracles, rounds, ...parts };
}

async function poolOf({ uniswap, tokens, signers }: World, token: TestToken, decimals: number) {
  await uniswap.factory.createPool(token, tokens.USDC, FEE);
  const pool = UniswapV3Pool__factory.connect(await uniswap.factory.getPool(token, tokens.USDC, FEE), signers.deployer);
  const raw = START.ALT * 10 ** (6 - decimals);
  const first = (await pool.token0()) === (await token.getAddress());
  await pool.initialize(toSqrtX96(first ? raw : 1 / raw));
  return pool;
}

async function provide({ uniswap, tokens }: World, maker: World["signers"]["maker"], decimals: number) {
  const amounts = { ALT: (DEPTH * 10n ** BigInt(decimals)) / BigInt(START.ALT), USDC: DEPTH * 10n ** 6n };
  await tokens.ALT.mint(maker.address, 2n * amounts.ALT);
  await tokens.USDC.mint(maker.address, 2n * amounts.USDC);
  await tokens.ALT.connect(maker).approve(uniswap.positionManager, MaxUint256);
  const first = BigInt(await tokens.ALT.getAddress()) < BigInt(await tokens.USDC.getAddress());
  const [token0, token1] = first ? [tokens.ALT, tokens.USDC] : [tokens.USDC, tokens.ALT];
  await uniswap.positionManager.connect(maker).mint({
    token0,
    token1,
    fee: FEE,
    tickLower: -887_220,
    tickUpper: 887_220,
    amount0Desired: first ? amounts.ALT : amounts.USDC,
    amount1Desired: first ? amounts.USDC : amounts.ALT,
    amount0Min: 0,
    amount1Min: 0,
    recipient: maker.address,
    deadline: MaxUint256,
  });
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
