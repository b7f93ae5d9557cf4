import { expect } from "chai";
import { ASSET_PARAMETERS, SETTINGS } from "../../scripts/deploy/parameters.js";
import { exitInKind, hedgedPosition, refreshFeeds, relative } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { wad } from "../support/orders.js";
import { newRounds, request } from "../support/queue.js";
import { reusable } from "../support/reusable.js";
import { type Move, marketMoves, reportTruth, truthOf } from "./support/late.js";
import { landed, mostProfitable, printProfit, profitOf } from "./support/ledger.js";
import { makeRich, type Signer } from "./support/trade.js";

// THREAT: whoever asks for redemption keeps an option: he looks where prices go, and cancels, or has himself or others settled at the moment that
// suits him. Or he spams the queue so that others are not filled, or filled with less.
// BOUND: nothing for who waits himself, where feeds lag inside their thresholds; from others no more than the spread that leavers pay, on both sides.
// docs/threat-model.md, "The queue has no line to jump and nothing to watch for: whoever asks does not know the price, and dust delays nobody. After
// `maxWait` whoever settles chooses the moment and nothing else."

const fixture = reusable(vaultWithHistory);
const MAX_WAIT = Number(SETTINGS.maxWait);
/** Funding of the blocks in which he acts, USD, 1e18. */
const CENT = 10n ** 16n;

/** Half a hedged vault is the attacker's, a fortieth Bob's. */
async function halfHis(f: Fixture) {
  const { shares } = await hedgedPosition(f);
  const { alice, bob, stranger: thief, keeper } = f.world.signers;
  await f.vault.connect(alice).transfer(thief, shares / 2n);
  await f.vault.connect(alice).transfer(bob, shares / 40n);
  await makeRich(f, thief);
  await f.world.networkHelpers.time.increase(3_600);
  await refreshFeeds(f);
  return { thief, bob, keeper, shares };
}

const unfilled = (f: Fixture, who: Signer) => f.vault.pendingRedeemRequest(0, who);
const cancel = async (f: Fixture, who: Signer) =>
  f.vault.connect(who).cancelRedeemRequest(await unfilled(f, who), who, who);

/** What feeds may not tell: each asset by its threshold, or a part of it, up or down. */
const MOVES: Move[] = [1, 0.5, -0.5, -1].flatMap((part) => {
  const of = (asset: "ALT" | "ETH" | "BTC") => (part * Number(ASSET_PARAMETERS[asset].deviation)) / 1e18;
  return [
    { ALT: of("ALT") },
    { ETH: of("ETH"), BTC: of("BTC") },
    { ALT: of("ALT"), ETH: of("ETH"), BTC: of("BTC") },
    { ALT: of("ALT"), ETH: -of("ETH"), BTC: -of("BTC") },
  ];
});

describe("attack: griefing of the redemption queue", () => {
  it("gives no option: who asks, and cancels or is settled when he knows more than the feeds, wins nothing", async () => {
    const f = await fixture();
    const { thief, shares } = await halfHis(f);
    await request(f, thief, shares / 20n);
    await f.world.networkHelpers.time.increase(MAX_WAIT + 60);
    await newRounds(f);
    const acts = {
      cancel: () => cancel(f, thief),
      settle: () => f.vault.connect(thief).settle(),
      "cancel half, settle": async () => {
        await f.vault.connect(thief).cancelRedeemRequest(shares / 40n, thief, thief);
        await f.vault.connect(thief).settle();
      },
      "cancel, leave in kind": async () => {
        await cancel(f, thief);
        await exitInKind(f, thief, shares / 20n);
      },
    };
    const choices = MOVES.flatMap((move) => (Object.keys(acts) as (keyof typeof acts)[]).map((act) => ({ move, act })));
    const best = await mostProfitable(f, choices, async ({ move, act }) => {
      const truth = truthOf(move);
      // Arbitrage is faster than the feeds: what he could win of venues that are late is no attack on the vault.
      await marketMoves(f, truth);
      return profitOf(f, truth, [thief], async () => {
        await acts[act]();
        await reportTruth(f, truth);
      });
    });
    printProfit("queue-griefing, option", best);
    expect(best.profit).to.be.lessThanOrEqual(CENT);
  });

  it("gives who settles others no more than their spread on both sides", async () => {
    const f = await fixture();
    const { thief, bob } = await halfHis(f);
    await request(f, bob, await f.vault.balanceOf(bob));
    await f.world.networkHelpers.time.increase(MAX_WAIT + 60);
    await newRounds(f);
    const { mid, half } = await f.vault.nav();
    const parts = ((await f.vault.pendingRedeemRequest(0, bob)) * wad(1)) / (await f.vault.totalSupply());
    const bound = (2n * half * parts) / wad(1);
    expect(bound).to.be.lessThan(mid / 1_000n);
    const best = await mostProfitable(f, MOVES, async (move) => {
      await marketMoves(f, truthOf(move));
      return profitOf(f, truthOf(move), [thief], () => landed(f.vault.connect(thief).settle()));
    });
    printProfit("queue-griefing, moment", best, bound);
    expect(best.profit).to.be.lessThanOrEqual(bound);
  });

  it("wins nothing by spam, which neither delays others nor takes anything from them", async () => {
    const f = await fixture();
    const { thief, bob, keeper, shares } = await halfHis(f);
    const vault = f.vault.connect(thief);
    const dust = { nothing: 0n, unit: 1n, crumb: 10n ** 12n, much: shares / 1_000n };
    const spam = {
      none: async () => {},
      "dust in every block": async (size: bigint) => {
        await request(f, thief, size);
      },
      "request and cancel": async (size: bigint) => {
        await request(f, thief, size);
        await vault.cancelRedeemRequest(size, thief, thief);
      },
      "for the controller of others": async (size: bigint) => {
        await vault.requestRedeem(size, bob, thief);
      },
      "cancel everything and ask again": async (size: bigint) => {
        if ((await unfilled(f, thief)) > 0n) await cancel(f, thief);
        await request(f, thief, size);
      },
    };
    const results: { name: string; sets: number; bobs: bigint }[] = [];
    const asked = await f.vault.balanceOf(bob);

    /** Bob asks, and the keeper settles at each new set of rounds until Bob is filled; the attacker acts in every block between. */
    async function run(name: keyof typeof spam, size: bigint): Promise<void> {
      const act = () => (size === 0n ? Promise.resolve() : spam[name](size));
      await act();
      await request(f, bob, asked);
      let sets = 0;
      while ((await f.vault.maxRedeem(bob)) < (asked * 999n) / 1_000n && sets < 5) {
        for (let block = 0; block < 3; block++) await act();
        await newRounds(f);
        // One more just before the settlement.
        await act();
        await f.vault.connect(keeper).settle();
        sets++;
      }
      results.push({ name, sets, bobs: await f.vault.maxWithdraw(bob) });
    }

    const names = Object.keys(spam) as (keyof typeof spam)[];
    const choices = [
      { name: "none" as const, size: "nothing" as const },
      ...names.slice(1).flatMap((name) => (["unit", "crumb", "much"] as const).map((size) => ({ name, size }))),
    ];
    const [honest, ...attacks] = choices;
    const profitBy = ({ name, size }: (typeof choices)[number]) =>
      profitOf(f, START, [thief], () => run(name, dust[size]));
    const without = await mostProfitable(f, [honest!], profitBy);
    const best = await mostProfitable(f, attacks, async (choice) => (await profitBy(choice)) - without.profit);
    printProfit("queue-griefing, spam", best);
    expect(best.profit).to.be.lessThanOrEqual(CENT);
    for (const { name, sets, bobs } of results) {
      expect(sets, name).to.be.lessThanOrEqual(2);
      // Who asks for another controller gives him his shares.
      const fair = results[0]!.bobs;
      if (bobs < fair) expect(relative(bobs, fair), name).to.be.lessThan(1e-5);
    }
  });
});
