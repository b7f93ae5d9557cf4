import { expect } from "chai";
import { MaxUint256 } from "ethers";
import { exitInKind, hedgedPosition, refreshFeeds } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { newRounds, request } from "../support/queue.js";
import { reusable } from "../support/reusable.js";
import { landed, mostProfitable, type Owner, printProfit, profitOf } from "./support/ledger.js";
import { closePerp, depositToken, makeRich, pushPerp } from "./support/trade.js";

// THREAT: the venue's price of the hedge is moved while somebody leaves in kind, or while shares are settled or sold: by trades, or by a maker who
// takes his liquidity away. An exit closes a part of the hedge at that price, and the band that leavers and newcomers pay widens with it.
// BOUND: docs/threat-model.md, "A hedge's market that somebody pushes": at most 3% of NAV to either side, so 3% of what is settled or comes in;
// beyond that both wait. Whoever leaves in kind pays for closing his own part, and nobody else does.

const fixture = reusable(vaultWithHistory);
const WIDEST = 3n;
/** Funding of a few seconds, USD, 1e18. */
const CENT = 10n ** 16n;

interface Choice {
  /** By what the markets are moved. */
  push: number;
  /** What the maker leaves in them of his liquidity. */
  left: number;
}
const NOTHING: Choice = { push: 0, left: 1 };
const PUSHES: Choice[] = [0.003, 0.01, 0.03, 0.06, 0.09]
  .flatMap((push) => [push, -push])
  .map((push) => ({ push, left: 1 }));
/** Depth of $100 million on each side, of which the hedge of $55,000 is little until next to nothing is left. */
const THINNER: Choice[] = [0.1, 0.03, 0.02, 0.017, 0.015, 0.0135, 0.012, 0.01, 0.005, 0.002, 0.001].map((left) => ({
  push: 0,
  left,
}));
const THIN_AND_PUSHED: Choice[] = [0.1, 0.02].flatMap((left) => [0.01, -0.01, 0.03].map((push) => ({ push, left })));

/** The maker takes a part of his liquidity away; bringing it back costs nothing. */
async function thin(f: Fixture, left: number): Promise<void> {
  const { clearingHouse, orderBook, markets } = f.world.perp;
  const { maker } = f.world.signers;
  if (left === 1) return;
  for (const { base } of [markets.ETH, markets.BTC]) {
    const [id] = await orderBook.getOpenOrderIds(maker, base);
    const order = await orderBook.getOpenOrderById(id as string);
    const baseToken = await base.getAddress();
    const { lowerTick, upperTick, liquidity } = order;
    const part = (liquidity * BigInt(Math.round((1 - left) * 1e4))) / 10_000n;
    await clearingHouse.connect(maker).removeLiquidity({
      baseToken,
      lowerTick,
      upperTick,
      liquidity: part,
      minBase: 0,
      minQuote: 0,
      deadline: MaxUint256,
    });
  }
}

/** Move the markets, let it happen, and undo it. Returns whether it happened. */
async function around(f: Fixture, { push, left }: Choice, event: () => Promise<boolean>): Promise<boolean> {
  const { stranger: thief } = f.world.signers;
  await thin(f, left);
  for (const market of ["ETH", "BTC"] as const) {
    if (push !== 0) await pushPerp(f, thief, market, START[market] * (1 + push));
  }
  const happened = await event();
  for (const market of ["ETH", "BTC"] as const) await closePerp(f, thief, market);
  return happened;
}

/** The attacker holds half of a hedged vault, and Bob a twentieth. */
async function halfHis(f: Fixture) {
  const { shares } = await hedgedPosition(f);
  const { alice, bob, carol, stranger: thief, maker } = f.world.signers;
  await f.vault.connect(alice).transfer(thief, shares / 2n);
  await f.vault.connect(alice).transfer(bob, shares / 20n);
  for (const who of [thief, carol]) await makeRich(f, who);
  await f.world.networkHelpers.time.increase(3_600);
  await refreshFeeds(f);
  return { thief, maker, bob, carol };
}

/** The best that these owners can do, beyond what it is worth to them when nobody moves a market. */
async function search(f: Fixture, owners: Owner[], choices: Choice[], event: () => Promise<boolean>) {
  const run = async (choice: Choice) => {
    let happened = false;
    const profit = await profitOf(f, START, owners, async () => {
      happened = await around(f, choice, event);
    });
    return { profit, happened };
  };
  const honest = await mostProfitable(f, [NOTHING], async (choice) => {
    const { profit, happened } = await run(choice);
    expect(happened).to.equal(true);
    return profit;
  });
  return mostProfitable(f, choices, async (choice) => {
    const { profit, happened } = await run(choice);
    return happened ? profit - honest.profit : profit;
  });
}

describe("attack: mark of the perp market around an exit", () => {
  it("wins nothing for who leaves in kind, makers of his included", async () => {
    const f = await fixture();
    const { thief, maker } = await halfHis(f);
    for (const parts of [2n, 10n]) {
      const leave = async () => landed(exitInKind(f, thief, (await f.vault.balanceOf(thief)) / parts));
      const alone = await search(f, [thief], PUSHES, leave);
      printProfit(`perp-mark-around-exit, 1/${parts} of his shares in kind`, alone);
      expect(alone.profit).to.be.lessThanOrEqual(0n);
      const withMaker = await search(f, [thief, maker], [...PUSHES, ...THINNER], leave);
      printProfit(`perp-mark-around-exit, 1/${parts} of his shares in kind, with the maker`, withMaker);
      expect(withMaker.profit).to.be.lessThanOrEqual(CENT);
    }
  });

  it("wins no more than the widest band from who leaves by the queue", async () => {
    const f = await fixture();
    const { thief, maker, bob } = await halfHis(f);
    await request(f, bob, await f.vault.balanceOf(bob));
    await f.world.networkHelpers.time.increase(Number((await f.vault.settings()).maxWait) + 60);
    await newRounds(f);
    const [nav] = await f.vault.nav();
    const bound = ((nav / 20n) * WIDEST) / 100n;
    const settle = () => landed(f.vault.connect(thief).settle());
    const alone = await search(f, [thief], PUSHES, settle);
    printProfit("perp-mark-around-exit, settlement of others", alone);
    expect(alone.profit).to.be.lessThanOrEqual(0n);
    const withMaker = await search(f, [thief, maker], [...PUSHES, ...THINNER, ...THIN_AND_PUSHED], settle);
    printProfit("perp-mark-around-exit, settlement of others, with the maker", withMaker, bound);
    expect(withMaker.profit).to.be.lessThanOrEqual(bound);
  });

  it("wins no more than the widest band from a newcomer who names no least number of shares", async () => {
    const f = await fixture();
    const { thief, maker, carol } = await halfHis(f);
    const bound = (wad(7_000) * WIDEST) / 100n;
    const deposit = () => landed(depositToken(f, carol, "USDC", usdc(7_000)));
    const alone = await search(f, [thief], PUSHES, deposit);
    printProfit("perp-mark-around-exit, deposit of others", alone);
    expect(alone.profit).to.be.lessThanOrEqual(0n);
    const withMaker = await search(f, [thief, maker], [...PUSHES, ...THINNER, ...THIN_AND_PUSHED], deposit);
    printProfit("perp-mark-around-exit, deposit of others, with the maker", withMaker, bound);
    expect(withMaker.profit).to.be.lessThanOrEqual(bound);
  });
});
