import { expect } from "chai";
import { SETTINGS } from "../../scripts/deploy/parameters.js";
import { ASSETS } from "../../scripts/devnet/assets.js";
import { exitInKind, hedgedPosition, refreshFeeds } from "../support/actions.js";
import { type Fixture, vaultWithHistory } from "../support/fixture.js";
import { wad } from "../support/orders.js";
import { newRounds, request } from "../support/queue.js";
import { reusable } from "../support/reusable.js";
import {
  BRINGS,
  type Brings,
  bring,
  type Move,
  marketMoves,
  quietVault,
  reportTruth,
  truthOf,
  windowTimesJump,
} from "./support/late.js";
import { landed, mostProfitable, navAt, printProfit, profitOf } from "./support/ledger.js";

// THREAT: prices jump by 10%, and the feeds report it one block later. In that block the attacker deposits, or has his redemption or that of
// others settled.
// BOUND: docs/threat-model.md. A deposit wins W·J of the NAV, 0.5% of it (W = `depositWindow`, 5%), on one asset that jumped. Windows of several
// assets add up where all of them jump, and who comes in owns so much of the NAV's own error as all windows together make of the vault. A
// settlement is wrong by the error, on the idle cash above `minCash` at most. Nothing is won at current rounds.

const fixture = reusable(vaultWithHistory);
const JUMP = 0.1;
const MOVES: Record<string, (jump: number) => Move> = {
  ALT: (jump) => ({ ALT: jump }),
  ETH: (jump) => ({ ETH: jump }),
  "ETH, BTC and ALT": (jump) => ({ ALT: jump, ETH: jump, BTC: jump }),
  "ALT against the rest": (jump) => ({ ALT: jump, ETH: -jump, BTC: -jump }),
};
const BOTH = Object.entries(MOVES).flatMap(([name, kind]) =>
  [JUMP, -JUMP].map((jump) => [`${name} by ${jump * 100}%`, kind(jump)] as const),
);

/** He holds his shares, or leaves when arbitrage was faster than the feeds, or after both. What he could win of venues that are late themselves is no attack. */
const LEAVES = ["holds", "before the round", "after the round"] as const;
interface Choice {
  brings: Brings;
  leaves: (typeof LEAVES)[number];
}
const CHOICES: Choice[] = BRINGS.flatMap((brings) => LEAVES.map((leaves) => ({ brings, leaves })));

async function attack(f: Fixture, move: Move, { brings, leaves }: Choice): Promise<void> {
  const { stranger: thief } = f.world.signers;
  await bring(f, thief, move, brings);
  const shares = await f.vault.balanceOf(thief);
  await marketMoves(f, truthOf(move));
  // A venue may refuse to close while its own index is late.
  if (leaves === "before the round" && shares > 0n) await landed(exitInKind(f, thief, shares));
  await reportTruth(f, truthOf(move));
  if (leaves === "after the round" && shares > 0n) await landed(exitInKind(f, thief, shares));
}

/** What depositors can win of a jump, USD, 1e18. */
async function depositBound(f: Fixture, move: Move): Promise<bigint> {
  const falls = ASSETS.filter((asset) => (move[asset] ?? 0) < 0).length;
  const [{ mid }, real] = [await f.vault.nav(), await navAt(f, truthOf(move))];
  const error = real > mid ? real - mid : 0n;
  const window = BigInt(SETTINGS.depositWindow) * BigInt(ASSETS.length);
  return BigInt(falls) * (await windowTimesJump(f, move)) + (error * window) / wad(1);
}

describe("attack: deposit around a jump that is reported a block late", () => {
  for (const [name, move] of BOTH) {
    it(`wins no more than the window lets in: ${name}`, async () => {
      const f = await fixture();
      await quietVault(f);
      const { stranger: thief } = f.world.signers;
      const truth = truthOf(move);
      const bound = await depositBound(f, move);
      const best = await mostProfitable(f, CHOICES, (choice) =>
        profitOf(f, truth, [thief], () => attack(f, move, choice)),
      );
      printProfit(`jump-a-block-late, ${name}`, best, bound);
      expect(best.profit).to.be.lessThanOrEqual(bound);
      await marketMoves(f, truth);
      await reportTruth(f, truth);
      // The pool's average of a quarter of an hour follows.
      await f.world.networkHelpers.time.increase(960);
      const current = await mostProfitable(f, CHOICES, (choice) =>
        profitOf(f, truth, [thief], () => attack(f, move, choice)),
      );
      printProfit(`jump-a-block-late, ${name}, at current rounds`, current);
      expect(current.profit).to.be.lessThanOrEqual(0n);
    });
  }
});

describe("attack: settlement around a jump that is reported a block late", () => {
  const MAX_WAIT = Number(SETTINGS.maxWait);

  /** Thief and Bob have a fifth of the vault each, and one of them asked for it `maxWait` ago. Rounds are new: whoever wants may settle. */
  async function waiting(f: Fixture, asks: "thief" | "victim"): Promise<void> {
    const shares = (await hedgedPosition(f)).shares / 5n;
    const { alice, bob, stranger: thief } = f.world.signers;
    await f.vault.connect(alice).transfer(bob, shares);
    await f.vault.connect(alice).transfer(thief, shares);
    await request(f, asks === "thief" ? thief : bob, shares);
    await f.world.networkHelpers.time.increase(MAX_WAIT);
    await newRounds(f);
  }

  /** What a settlement may pay out now, USD, 1e18. */
  async function spareCash(f: Fixture): Promise<bigint> {
    const idle = (await f.vault.idle(f.world.tokens.USDC)) * 10n ** 12n;
    const least = ((await f.vault.nav()).mid * BigInt(SETTINGS.minCash)) / wad(1);
    return ((idle - least) * wad(1)) / (wad(1) - BigInt(SETTINGS.minCash));
  }

  for (const asks of ["thief", "victim"] as const) {
    it(`wins no more than the error on the idle cash, where the ${asks === "thief" ? "attacker" : "other"} leaves`, async () => {
      const f = await fixture();
      await waiting(f, asks);
      const { stranger: thief } = f.world.signers;
      const reported = (await f.vault.nav()).mid;
      const spare = await spareCash(f);
      // Whoever stays has his part of the spread that leavers pay, with and without a jump.
      const half = (await f.vault.nav()).half;
      const spread = asks === "victim" ? (spare * half) / reported : 0n;
      for (const current of [false, true]) {
        let bound = spread;
        const best = await mostProfitable(f, BOTH, async ([, move]) => {
          const truth = truthOf(move);
          const error = (await navAt(f, truth)) - reported;
          const late = spread + (spare * (error < 0n ? -error : error)) / reported;
          if (!current && late > bound) bound = late;
          if (current) {
            await marketMoves(f, truth);
            await reportTruth(f, truth);
            await f.world.networkHelpers.time.increase(960);
          }
          return profitOf(f, truth, [thief], async () => {
            await landed(f.vault.connect(thief).settle());
            await reportTruth(f, truth);
          });
        });
        const when = current ? "at current rounds" : "late";
        printProfit(`jump-a-block-late, settlement, ${asks} leaves, ${when}`, best, bound);
        expect(best.profit).to.be.lessThanOrEqual(bound);
      }
    });
  }

  it("is not reached by a request that comes after the jump", async () => {
    const f = await fixture();
    await quietVault(f);
    const { alice, stranger: thief, keeper } = f.world.signers;
    await f.vault.connect(alice).transfer(thief, (await f.vault.balanceOf(alice)) / 5n);
    await refreshFeeds(f);
    const best = await mostProfitable(f, BOTH, ([, move]) =>
      profitOf(f, truthOf(move), [thief], async () => {
        await request(f, thief, await f.vault.balanceOf(thief));
        await landed(f.vault.connect(keeper).settle());
        await marketMoves(f, truthOf(move));
        await reportTruth(f, truthOf(move));
        await f.world.networkHelpers.time.increase(960);
        await landed(f.vault.connect(keeper).settle());
      }),
    );
    printProfit("jump-a-block-late, request after the jump", best);
    expect(best.profit).to.be.lessThanOrEqual(0n);
  });
});
