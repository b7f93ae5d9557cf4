import { depositBasket, hedgedPosition, refreshFeeds } from "./actions.js";
import type { Fixture } from "./fixture.js";
import { usdc } from "./orders.js";

type Signer = Fixture["world"]["signers"]["alice"];

/** Alice's hedged vault, in which Bob has put 5,000 USDC, whole shares of which fit into the idle cash. */
export async function withBob(f: Fixture): Promise<{ alices: bigint; bobs: bigint }> {
  const { shares } = await hedgedPosition(f);
  await f.world.networkHelpers.time.increase(3_600);
  await refreshFeeds(f);
  return { alices: shares, bobs: await depositBasket(f, f.world.signers.bob, usdc(5_000), 0n) };
}

/** A minute later every feed has a new round, at the price of before. */
export async function newRounds(f: Fixture): Promise<void> {
  await f.world.networkHelpers.time.increase(60);
  await refreshFeeds(f);
}

export async function request(f: Fixture, who: Signer, shares: bigint) {
  return f.vault.connect(who).requestRedeem(shares, who, who);
}

/** Settle as the keeper, and give what the event says. */
export async function settle(f: Fixture, who: Signer = f.world.signers.keeper) {
  const receipt = await (await f.vault.connect(who).settle()).wait();
  const [event] = await f.vault.queryFilter(f.vault.filters.Settled, receipt?.blockNumber, receipt?.blockNumber);
  if (event === undefined) throw new TypeError("no settlement");
  return event.args;
}

/** Request, new rounds, settlement. `claimable` is what the requester may claim of it. */
export async function redeemed(f: Fixture, who: Signer, shares: bigint) {
  await request(f, who, shares);
  await newRounds(f);
  const done = await settle(f);
  const { assets, nav, half, stillDue } = done;
  return { shares: done.shares, assets, nav, half, stillDue, claimable: await f.vault.maxWithdraw(who) };
}
