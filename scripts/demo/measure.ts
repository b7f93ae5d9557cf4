import { ILeg__factory } from "@crosshedge/sdk/contracts";
import { MaxUint256 } from "ethers";
import type { Prices } from "../devnet/assets.js";
import type { World } from "../devnet/world.js";
import { dollars, fairPrices } from "./fair.js";
import type { DemoOptions } from "./options.js";
import type { VaultHour } from "./record.js";
import type { DemoVault } from "./vaults.js";

/** Of the asset set: USDC, ALT, WETH, WBTC. */
const DECIMALS = [6n, 18n, 18n, 8n];
/** The instruments, with the index of the asset that moves each: a lending venue can be short of the pool's own token too. */
const instrumentsOf = ({ hedge, alt }: DemoOptions): Record<string, number> => ({
  ETH: 2,
  BTC: 3,
  ...(hedge === "aave" && { [alt]: 1 }),
});

/** What the vault's idle tokens are worth, USD: cheaper to read than its hedge. */
async function idleWorth(vault: DemoVault["vault"], mid: readonly bigint[]): Promise<number> {
  const idle = await Promise.all((await vault.assets()).map((asset) => vault.idle(asset)));
  return idle.reduce((sum, amount, i) => sum + dollars((amount * (mid[i] as bigint)) / 10n ** DECIMALS[i]!), 0);
}

/** What one vault is at the end of an hour: at the path's prices, and as the chain sees it. */
export async function measureVault(
  world: World,
  { vault, liquidity, deployment }: DemoVault,
  options: DemoOptions,
  moment: { time: number; quote: Prices; flow: number },
): Promise<VaultHour> {
  const { pool } = options;
  const fair = fairPrices(moment.quote);
  const hedgeLeg = ILeg__factory.connect((deployment.legs.perp ?? deployment.legs.aave) as string, vault.runner);
  const [held, pools, idle, [nav, , ok], supply, [tickLower, tickUpper, amount], token0, margin] = await Promise.all([
    vault.measure(fair),
    liquidity.measure(fair),
    idleWorth(vault, fair.mid),
    vault.nav(),
    vault.totalSupply(),
    liquidity.position(),
    liquidity.token0(),
    hedgeLeg.marginRatio(fair),
  ]);
  const assets = ["USDC", world.altSymbol, "ETH", "BTC"];
  const after = held.exposure.map(dollars);
  const hedge = held.hedgeExposure.map(dollars);
  const before = after.map((exposure, i) => exposure - (hedge[i] ?? 0));
  const hedged = before.slice(1).reduce((sum, exposure) => sum + exposure, 0);
  const byAsset = (values: number[]) => Object.fromEntries(assets.map((asset, i) => [asset, values[i] ?? 0]));

  const altFirst = token0 === (await world.tokens.ALT.getAddress());
  const quoteDecimals = pool === "usdc" ? 6 : 18;
  const priceAt = (tick: bigint) => {
    const raw = 1.0001 ** Number(altFirst ? tick : -tick);
    return raw * 10 ** (18 - quoteDecimals);
  };
  const edges = [priceAt(tickLower), priceAt(tickUpper)].sort((a, b) => a - b);
  const { ALT, ETH, USDC } = moment.quote;
  return {
    time: moment.time,
    fair: {
      lp: dollars(pools.equity),
      hedge: dollars(held.nav - pools.equity) - idle,
      idle,
    },
    navOracle: ok ? dollars(nav) : null,
    sharePrice: ok && supply > 0n ? Number(nav) / Number(supply) : null,
    flow: moment.flow,
    exposure: { before: byAsset(before), after: byAsset(after) },
    hedgeRatio: Object.fromEntries(
      Object.entries(instrumentsOf(options)).map(([name, i]) => [name, hedged > 0 ? -(hedge[i] ?? 0) / hedged : 0]),
    ),
    marginRatio: margin === MaxUint256 ? null : dollars(margin),
    range: amount > 0n ? [edges[0] as number, edges[1] as number] : null,
    price: ALT / (pool === "usdc" ? USDC : ETH),
  };
}
