import { MaxUint256, parseUnits, ZeroHash } from "ethers";
import type { Market } from "../../../scripts/devnet/assets.js";
import { toSqrtX96 } from "../../../scripts/devnet/math.js";
import { fund } from "../../../scripts/devnet/world.js";
import type { Fixture } from "../../support/fixture.js";
import { usdc, wad } from "../../support/orders.js";

export type Signer = Fixture["world"]["signers"]["alice"];

const FOREVER = 2n ** 63n;
/** Money enough to move every market here. */
const RICH = usdc(100_000_000);

/** An attacker with money and tokens for anything, allowed to venues and vault, and with margin at Perp v2. */
export async function makeRich(f: Fixture, who: Signer): Promise<void> {
  const { tokens, uniswap, perp } = f.world;
  const alt = parseUnits("10000000", await tokens.ALT.decimals());
  await fund(f.world, who.address, { USDC: 2n * RICH, ALT: alt, WBTC: 1_000n * 10n ** 8n, WETH: wad(10_000) });
  for (const token of [tokens.USDC, tokens.ALT, tokens.WETH, tokens.WBTC]) {
    for (const spender of [uniswap.router, uniswap.positionManager, f.vault]) {
      await token.connect(who).approve(spender, MaxUint256);
    }
  }
  await tokens.USDC.connect(who).approve(perp.vault, MaxUint256);
  await perp.vault.connect(who).deposit(tokens.USDC, RICH);
}

/** Trade a pool, the vault's if no other is named, to a price of ALT in USDC, with the trader's own tokens. */
export async function pushPool(
  f: Fixture,
  who: Signer,
  price: number,
  pool = f.world.uniswap.pools.altUsdc,
): Promise<void> {
  const { tokens, uniswap } = f.world;
  const raw = price * 10 ** (6 - Number(await tokens.ALT.decimals()));
  const altFirst = (await pool.token0()) === (await tokens.ALT.getAddress());
  const target = toSqrtX96(altFirst ? raw : 1 / raw);
  const { sqrtPriceX96 } = await pool.slot0();
  if (sqrtPriceX96 === target) return;
  const zeroForOne = target < sqrtPriceX96;
  const sellsAlt = zeroForOne === altFirst;
  const [tokenIn, tokenOut] = sellsAlt ? [tokens.ALT, tokens.USDC] : [tokens.USDC, tokens.ALT];
  await uniswap.router.connect(who).exactInputSingle({
    tokenIn,
    tokenOut,
    fee: await pool.fee(),
    recipient: who.address,
    deadline: MaxUint256,
    amountIn: (await tokenIn.balanceOf(who)) / 2n,
    amountOutMinimum: 0,
    sqrtPriceLimitX96: target,
  });
}

/** Trade a perp market to a price, with the trader's own margin: within 10% of its index, and about 10% in 15 seconds. */
export async function pushPerp(f: Fixture, who: Signer, market: Market, price: number): Promise<void> {
  const { pool, base } = f.world.perp.markets[market];
  const target = toSqrtX96(price);
  const { sqrtPriceX96 } = await pool.slot0();
  if (sqrtPriceX96 === target) return;
  const isBaseToQuote = target < sqrtPriceX96;
  await openPerp(f, who, base, isBaseToQuote, isBaseToQuote, wad(1_000_000_000), target);
}

/** Close the trader's own position in a perp market, whatever it costs. */
export async function closePerp(f: Fixture, who: Signer, market: Market): Promise<void> {
  const { base } = f.world.perp.markets[market];
  const size = await f.world.perp.accountBalance.getTakerPositionSize(who, base);
  if (size === 0n) return;
  await openPerp(f, who, base, size > 0n, size > 0n, size > 0n ? size : -size, 0n);
}

async function openPerp(
  f: Fixture,
  who: Signer,
  base: Fixture["world"]["perp"]["markets"]["ETH"]["base"],
  isBaseToQuote: boolean,
  isExactInput: boolean,
  amount: bigint,
  sqrtPriceLimitX96: bigint,
): Promise<void> {
  await f.world.perp.clearingHouse.connect(who).openPosition({
    baseToken: base,
    isBaseToQuote,
    isExactInput,
    amount,
    oppositeAmountBound: 0,
    deadline: MaxUint256,
    sqrtPriceLimitX96,
    referralCode: ZeroHash,
  });
}

/** Deposit one token, without a least number of shares. */
export async function depositToken(f: Fixture, who: Signer, symbol: Symbol_, amount: bigint): Promise<void> {
  await f.vault
    .connect(who)
    ["deposit(address,uint256,uint256,address,uint256)"](f.world.tokens[symbol], amount, 0n, who, FOREVER);
}

export type Symbol_ = "USDC" | "ALT" | "WETH" | "WBTC";
