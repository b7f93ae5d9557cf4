import { type PinnedBlock, pinBlock } from "@crosshedge/sdk";
import { network } from "hardhat";
import { percent } from "../../../scripts/deploy/parameters.js";
import { depositBasket, hedgedPosition } from "../../support/actions.js";
import { connect } from "../../support/connect.js";
import { type Fixture, START, vaultIn, worldWithOracles } from "../../support/fixture.js";
import { usdc } from "../../support/orders.js";
import { redeemed, request } from "../../support/queue.js";
import { later } from "../../support/rebalance.js";

export type Signer = Fixture["world"]["signers"]["alice"];
/** Alice and Bob hold shares; the stranger comes and goes. */
export const HOLDERS = ["alice", "bob", "stranger"] as const;
export type Holder = (typeof HOLDERS)[number];

/** Fees are due at every operation. */
const SETTINGS = { managementFee: percent(2), performanceFee: percent(10) };

/**
 * A hedged vault of Alice's and Bob's with fees and a queue, on a chain whose blocks may have the same time: what is simulated at a block is then
 * executed in the next one at the very same time.
 */
export async function stage() {
  const on = await network.create({ network: "world", override: { allowBlocksWithSameTimestamp: true } });
  const { connection, world, oracles, rounds } = await worldWithOracles({ history: true, on });
  const f: Fixture = { connection, world, oracles, rounds, ...(await vaultIn(world, oracles, undefined, SETTINGS)) };
  const { shares } = await hedgedPosition(f);
  await later(f, 3_600);
  const bobs = await depositBasket(f, world.signers.bob, usdc(8_000), 0n);
  await redeemed(f, world.signers.bob, bobs / 3n);
  await request(f, world.signers.alice, shares / 10n);
  await request(f, world.signers.bob, bobs / 5n);
  return { ...f, sdk: await connect(f), marketPrices: { ...START } };
}

export type Stage = Awaited<ReturnType<typeof stage>>;

export const signerOf = (s: Stage, who: Holder): Signer => s.world.signers[who];

/** An empty block a while later, to simulate at. */
export async function standStill(s: Stage, seconds = 7): Promise<PinnedBlock> {
  const { time, mine } = s.world.networkHelpers;
  await time.setNextBlockTimestamp((await time.latest()) + seconds);
  await mine();
  return pinBlock(s.world.ethers.provider);
}

/** Runs something that sends one transaction, in a block of the same time. */
export async function atSameTime<T>(s: Stage, block: PinnedBlock, act: () => Promise<T>): Promise<T> {
  await s.world.networkHelpers.time.setNextBlockTimestamp(block.timestamp);
  return act();
}

/** The same for any number of transactions, all in one block. */
export async function inOneBlock(s: Stage, at: number, act: () => Promise<unknown>): Promise<void> {
  const { provider } = s.connection;
  await provider.request({ method: "evm_setAutomine", params: [false] });
  try {
    await act();
    await s.world.networkHelpers.time.setNextBlockTimestamp(at);
    await s.world.networkHelpers.mine();
  } finally {
    await provider.request({ method: "evm_setAutomine", params: [true] });
  }
}

/** Balances of every asset and of shares, by account and token. */
export async function balances(s: Stage, accounts: readonly string[]): Promise<Map<string, bigint>> {
  const { USDC, ALT, WETH, WBTC } = s.world.tokens;
  const found = new Map<string, bigint>();
  for (const account of accounts) {
    for (const token of [USDC, ALT, WETH, WBTC, s.vault]) {
      found.set(`${account} ${await token.getAddress()}`, await token.balanceOf(account));
    }
  }
  return found;
}
