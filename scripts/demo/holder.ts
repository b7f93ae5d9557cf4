import { CrosshedgeVault } from "@crosshedge/sdk";
import { parseUnits } from "ethers";
import type { Prices } from "../devnet/assets.js";
import { fund, type World } from "../devnet/world.js";
import type { DemoOptions } from "./options.js";
import type { DemoVault } from "./vaults.js";

/** What the holder brings to each vault, USD at the first prices. */
const DEPOSIT_USD = 200_000;
/** Shares of it in USDC, ALT and WETH, by what the pool is quoted in. */
const BASKETS = { usdc: [0.7, 0.3, 0], weth: [0.4, 0.3, 0.3] } as const;

/** The holder's round trip through the SDK, USD at fair prices. */
export interface RoundTrip {
  readonly deposited: number;
  readonly received: number;
  /** Token units by symbol. */
  readonly amounts: Readonly<Record<string, bigint>>;
}

async function connect(world: World, { deployment }: DemoVault): Promise<CrosshedgeVault> {
  const multicall = await world.multicall.getAddress();
  return CrosshedgeVault.connect({ address: deployment.vault, signer: world.signers.alice, multicall });
}

/** The same basket into each vault, through the SDK. Returns what one is worth, USD. */
export async function depositAll(
  world: World,
  vaults: readonly DemoVault[],
  { pool }: DemoOptions,
  prices: Prices,
): Promise<number> {
  const [usdc, alt, weth] = BASKETS[pool];
  const units = (share: number, price: number, decimals: number) =>
    parseUnits(((DEPOSIT_USD * share) / price).toFixed(6), decimals);
  const basket = {
    USDC: units(usdc, prices.USDC, 6),
    ALT: units(alt, prices.ALT, 18),
    WETH: units(weth, prices.ETH, 18),
  };
  const amounts: Record<string, bigint> = {};
  for (const [symbol, amount] of Object.entries(basket)) {
    if (amount > 0n) amounts[await world.tokens[symbol as keyof typeof basket].getAddress()] = amount;
  }
  for (const vault of vaults) {
    await fund(world, world.signers.alice.address, basket);
    await (await connect(world, vault)).depositBasket({ amounts });
  }
  return DEPOSIT_USD;
}

/** The holder leaves with everything, in kind, through the SDK. */
export async function leave(world: World, demo: DemoVault, deposited: number, prices: Prices): Promise<RoundTrip> {
  const vault = await connect(world, demo);
  const shares = await demo.vault.balanceOf(world.signers.alice);
  const { amounts } = await vault.exitInKind({ shares });
  const worth = [prices.USDC, prices.ALT, prices.ETH, prices.BTC];
  const parts = vault.assets.map(({ address, symbol, decimals }, i) => {
    const amount = amounts[address] ?? 0n;
    return { symbol, amount, usd: (Number(amount) / 10 ** decimals) * (worth[i] as number) };
  });
  return {
    deposited,
    received: parts.reduce((sum, { usd }) => sum + usd, 0),
    amounts: Object.fromEntries(parts.map(({ symbol, amount }) => [symbol, amount])),
  };
}
