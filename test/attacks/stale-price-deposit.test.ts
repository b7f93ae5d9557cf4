import { expect } from "chai";
import { ASSET_PARAMETERS, SETTINGS } from "../../scripts/deploy/parameters.js";
import { exitInKind } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { wad } from "../support/orders.js";
import { newRounds, request, settle } from "../support/queue.js";
import { reusable } from "../support/reusable.js";
import {
  BRINGS,
  type Brings,
  bring,
  isWithinThresholds,
  type Move,
  marketMoves,
  quietVault,
  reportTruth,
  truthOf,
  windowTimesJump,
} from "./support/late.js";
import { type Best, landed, mostProfitable, printProfit, profitOf } from "./support/ledger.js";
import { pushPool } from "./support/trade.js";

// THREAT: the market has moved and a feed has not, inside its threshold or because it is late. Whoever knows brings what the feed prices too
// high, or buys into a vault that is priced too low, and leaves in kind or by the queue.
// BOUND: docs/threat-model.md, "A feed that is late with a jump J": of each asset `depositWindow` W comes in at once and again within an hour.
// Inside the thresholds nothing: docs/architecture.md, "a feed that lags inside its threshold gives nobody a gain".

const fixture = reusable(vaultWithHistory);

const LEAVES = ["holds", "in kind", "by the queue"] as const;

interface Choice {
  brings: Brings;
  leaves: (typeof LEAVES)[number];
  /** The pool as arbitrage left it, or pushed back by the attacker to what the feed says. */
  pool: "true" | "held";
}

const CHOICES: Choice[] = [
  ...BRINGS.map((brings) => ({ brings, leaves: "holds", pool: "true" }) as const),
  ...(["moved", "all"] as const).map((brings) => ({ brings, leaves: "holds", pool: "held" }) as const),
  ...LEAVES.slice(1).map((leaves) => ({ brings: "moved", leaves, pool: "true" }) as const),
];

/** Bring what the vault takes, now and once more before the feeds of an hour are too old, and leave when they have reported. */
async function attack(f: Fixture, move: Move, { brings, leaves, pool }: Choice): Promise<number> {
  const { stranger: thief } = f.world.signers;
  const truth = truthOf(move);
  let taken = 0;
  for (const wait of [0, 3_000]) {
    await f.world.networkHelpers.time.increase(wait + 60);
    if (pool === "held") await pushPool(f, thief, START.ALT);
    taken += await bring(f, thief, move, brings);
    if (pool === "held") await pushPool(f, thief, truth.ALT);
  }
  await reportTruth(f, truth);
  const shares = await f.vault.balanceOf(thief);
  if (leaves === "in kind" && shares > 0n) await landed(exitInKind(f, thief, shares));
  if (leaves === "by the queue" && shares > 0n) {
    await request(f, thief, shares);
    await newRounds(f);
    await landed(settle(f));
  }
  return taken;
}

const SIZES = [0.004, 0.02, 0.05, 0.1];
const KINDS: Record<string, (size: number) => Move> = {
  ALT: (size) => ({ ALT: size }),
  ETH: (size) => ({ ETH: size }),
  "ETH, BTC and ALT": (size) => ({ ALT: size, ETH: size, BTC: size }),
};

/** What the pool of ALT and USDC excuses: the feeds' thresholds and `depositBand`. */
const EXCUSED = [ASSET_PARAMETERS.ALT.deviation, ASSET_PARAMETERS.USDC.deviation, BigInt(SETTINGS.depositBand)];

/** What the threat model leaves to an attacker who has an hour. */
async function published(f: Fixture, move: Move): Promise<bigint> {
  const isContradicted = wad(Math.abs(move.ALT ?? 0).toFixed(12)) > EXCUSED.reduce((sum, part) => sum + part);
  return isWithinThresholds(move) || isContradicted ? 0n : 2n * (await windowTimesJump(f, move));
}

describe("attack: deposit at a stale price", () => {
  for (const [name, kind] of Object.entries(KINDS)) {
    it(`wins no more than the windows let in, when ${name} moved`, async () => {
      const f = await fixture();
      await quietVault(f);
      const { stranger: thief } = f.world.signers;
      let dearest: (Best<Choice & { size: number }> & { bound: bigint }) | undefined;
      let tried = 0;
      for (const size of SIZES.flatMap((size) => [size, -size])) {
        const move = kind(size);
        const truth = truthOf(move);
        const snapshot = await f.world.networkHelpers.takeSnapshot();
        await marketMoves(f, truth);
        const bound = await published(f, move);
        const best = await mostProfitable(f, CHOICES, (choice) =>
          profitOf(f, truth, [thief], () => attack(f, move, choice)),
        );
        await snapshot.restore();
        tried += best.tried;
        if (dearest === undefined || best.profit > dearest.profit) {
          dearest = { profit: best.profit, tried, bound, choice: { ...best.choice, size } };
        }
        expect(best.profit, `a move of ${size}`).to.be.lessThanOrEqual(bound);
      }
      if (dearest) printProfit(`stale-price-deposit, ${name}`, { ...dearest, tried }, dearest.bound);
    });
  }

  it("wins nothing once a feed is older than its heartbeat: nothing is let in", async () => {
    const f = await fixture();
    await quietVault(f);
    const move = { ETH: -0.1 };
    const { stranger: thief } = f.world.signers;
    await f.world.networkHelpers.time.increase(Number(ASSET_PARAMETERS.ETH.heartbeat) + 1);
    let taken = 0;
    const best = await mostProfitable(f, BRINGS, (brings) =>
      profitOf(f, truthOf(move), [thief], async () => {
        taken += await bring(f, thief, move, brings);
      }),
    );
    printProfit("stale-price-deposit, after the heartbeat", best);
    expect(best.profit).to.be.lessThanOrEqual(0n);
    expect(taken).to.equal(0);
  });
});
