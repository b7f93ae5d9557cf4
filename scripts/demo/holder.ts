import {
  CrosshedgeVault,
  prepareCancelRequest,
  prepareClaim,
  prepareDepositBasket,
  prepareExitInKind,
  prepareRequestRedeem,
  send,
} from "@crosshedge/sdk";
import { parseUnits } from "ethers";
import type { Prices } from "../devnet/assets.js";
import { fund, type World } from "../devnet/world.js";
import type { DemoOptions } from "./options.js";
import type { QueueTrip, RoundTrip } from "./record.js";
import type { DemoVault } from "./vaults.js";

/** What Alice brings to each vault, USD at the first prices. */
const DEPOSIT_USD = 200_000;
/** Shares of it in USDC, ALT and WETH, by what the pool is quoted in. */
const BASKETS = { usdc: [0.7, 0.3, 0], weth: [0.4, 0.3, 0.3] } as const;
/** One part in so many of her shares in the hedged vault is Dave's, who will leave through the queue. */
const QUEUE_PART = 4n;

type Holder = "alice" | "dave";

/** A vault of the world, through the SDK. */
export async function connectTo(world: World, address: string): Promise<CrosshedgeVault> {
  const multicall = await world.multicall.getAddress();
  return CrosshedgeVault.connect({ address, provider: world.ethers.provider, multicall });
}

/** The same basket into each vault, through the SDK, and Dave's part of the first one to him. Returns what one is worth, USD. */
export async function depositAll(
  world: World,
  vaults: readonly DemoVault[],
  options: DemoOptions,
  prices: Prices,
): Promise<number> {
  for (const { deployment } of vaults) await depositInto(world, deployment.vault, options, prices);
  const { alice, dave } = world.signers;
  const shown = vaults[0] as DemoVault;
  await shown.vault.connect(alice).transfer(dave, (await shown.vault.balanceOf(alice)) / QUEUE_PART);
  return DEPOSIT_USD;
}

/** Alice's basket into one vault. */
export async function depositInto(world: World, address: string, { pool }: DemoOptions, prices: Prices): Promise<void> {
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
  const { alice } = world.signers;
  await fund(world, alice.address, basket);
  const vault = await connectTo(world, address);
  await send(await prepareDepositBasket(vault, { account: alice.address, amounts }), alice);
}

/** Part of the vault that a holder's shares stand for, waiting ones included. */
export async function partOf(world: World, { vault }: DemoVault, holder: Holder): Promise<number> {
  const { address } = world.signers[holder];
  const held = (await vault.balanceOf(address)) + (await vault.pendingRedeemRequest(0, address));
  return Number(held) / Number(await vault.totalSupply());
}

/** Dave asks for his money in the settlement token. */
export async function requestAll(world: World, demo: DemoVault): Promise<bigint> {
  const { dave } = world.signers;
  const shares = await demo.vault.balanceOf(dave);
  const vault = await connectTo(world, demo.deployment.vault);
  await send(await prepareRequestRedeem(vault, { account: dave.address, shares }), dave);
  return shares;
}

/** Dave takes what was filled, and back what was not. */
export async function claimAll(
  world: World,
  demo: DemoVault,
  { shares, hours, deposited, worth }: { shares: bigint; hours: number; deposited: number; worth: number },
): Promise<QueueTrip> {
  const vault = await connectTo(world, demo.deployment.vault);
  const { dave } = world.signers;
  const account = dave.address;
  const pending = await demo.vault.pendingRedeemRequest(0, account);
  if (pending > 0n) await send(await prepareCancelRequest(vault, { account, shares: pending }), dave);
  const { assets } = await send(await prepareClaim(vault, { account }), dave);
  const filled = Number(shares - pending) / Number(shares);
  return { deposited, worth, hours, filled, received: Number(assets) / 1e6, amounts: { USDC: assets } };
}

/** Alice leaves with everything, in kind, through the SDK. */
export async function leaveInKind(
  world: World,
  demo: DemoVault,
  { deposited, worth }: { deposited: number; worth: number },
  prices: Prices,
): Promise<RoundTrip> {
  const vault = await connectTo(world, demo.deployment.vault);
  const { alice } = world.signers;
  const shares = await demo.vault.balanceOf(alice);
  const { amounts } = await send(await prepareExitInKind(vault, { account: alice.address, shares }), alice);
  const usd = [prices.USDC, prices.ALT, prices.ETH, prices.BTC];
  const parts = vault.assets.map(({ address, symbol, decimals }, i) => {
    const amount = amounts[address] ?? 0n;
    return { symbol, amount, usd: (Number(amount) / 10 ** decimals) * (usd[i] as number) };
  });
  return {
    deposited,
    worth,
    received: parts.reduce((sum, part) => sum + part.usd, 0),
    amounts: Object.fromEntries(parts.map(({ symbol, amount }) => [symbol, amount])),
  };
}
