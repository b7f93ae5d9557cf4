import { HOUR, NO_COST } from "../../scripts/demo/metrics.js";
import type { RebalanceRecord, RunRecord, VaultHour, VaultName } from "../../scripts/demo/record.js";

/** A seeded random number in [0, 1): mulberry32. */
function randomness(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** How much of the market each vault keeps. */
const KEPT: Record<VaultName, number> = { hedged: 0.28, unhedged: 1, naive: 0.7 };
const START = Date.UTC(2022, 4, 1) / 1000;

function hour(vault: VaultName, time: number, value: number, price: number, center: number, noise: number): VaultHour {
  const link = 520_000 * Math.max(0, Math.min(1, 0.5 + (center - price) / center / 0.3));
  const hedge = vault === "unhedged" ? 0 : 1 - KEPT[vault];
  return {
    time,
    fair: { lp: value * 0.62, idle: value * 0.13, hedge: value * 0.25 },
    navOracle: value * (1 + noise * 0.002),
    sharePrice: value / 1_000_000,
    flow: 0,
    exposure: {
      before: { LINK: link, ETH: 45_000, BTC: 0 },
      after: { LINK: link, ETH: 45_000 - link * hedge * 0.6, BTC: -link * hedge * 0.3 },
    },
    hedgeRatio: { "ETH perp": hedge * (0.6 + 0.2 * noise), "BTC perp": hedge * (0.3 - 0.1 * noise) },
    marginRatio: vault === "unhedged" ? null : 0.5 + 0.1 * noise,
    range: [center * 0.85, center * 1.18],
    price,
  };
}

/** A made-up run: prices that wander and fall, three vaults that follow them more or less. */
export function sampleRecord({ days = 14, seed = 1, from = START } = {}): RunRecord {
  const random = randomness(seed);
  const values: Record<VaultName, number> = { hedged: 1_000_000, unhedged: 1_000_000, naive: 1_000_000 };
  const hours: Record<VaultName, VaultHour[]> = { hedged: [], unhedged: [], naive: [] };
  const prices: Record<string, number[]> = { LINK: [], ETH: [], BTC: [] };
  const rebalances: RebalanceRecord[] = [];
  let price = 11.4;
  let center = price;
  for (let i = 0; i <= days * 24; i++) {
    const time = from + i * HOUR;
    const noise = random() * 2 - 1;
    const move = i === 0 ? 0 : noise * 0.017 - 0.0012;
    price *= 1 + move;
    const out = price < center * 0.87 || price > center * 1.15;
    if (i % 11 === 5 || out) {
      const cost = { fees: 40 + 60 * random(), impact: 20 * random(), funding: 8 + 9 * random(), gas: 6 };
      const accepted = random() < 0.7 ? "reduced" : "insideLimits";
      const moved = ["burn all liquidity", `mint ${(price * 0.85).toFixed(2)} to ${(price * 1.18).toFixed(2)} USDC`];
      const orders = [...(out ? moved : []), "add 2,100 USDC margin", `short ${(random() * 9).toFixed(2)} ETH more`];
      const gasUsed = Math.round(1_400_000 + 900_000 * random());
      const [varianceBefore, varianceAfter] = [9e9, accepted === "reduced" ? 5.2e9 : 9.1e9];
      rebalances.push({ time, vault: "hedged", accepted, varianceBefore, varianceAfter, orders, gasUsed, cost });
      if (out) center = price;
    }
    for (const vault of ["hedged", "unhedged", "naive"] as const) {
      values[vault] *= 1 + move * 0.5 * KEPT[vault] + (random() - 0.5) * 0.001 + 0.00004;
      hours[vault].push(hour(vault, time, values[vault], price, center, noise));
    }
    prices.LINK!.push(price);
    prices.ETH!.push(price * 250);
    prices.BTC!.push(price * 3400);
  }
  const refuse = (reason: string, i: number) => ({ time: from + i * HOUR, vault: "hedged" as const, reason });
  return {
    options: { alt: "LINK", pool: "usdc", hedge: "perp", from: "2022-05-01", days, seed, report: "report" },
    hours,
    prices,
    rebalances,
    rejections: [refuse("PriceBad", 9), refuse("Cooldown", 30), refuse("Cooldown", 31), refuse("LossBudgetSpent", 40)],
    cycles: hours.hedged.map(({ time }, i) => ({ time, regime: i % 50 < 40 ? "calm" : "crash", liquidity: "ample" })),
    otherCost: { hedged: NO_COST, unhedged: NO_COST, naive: NO_COST },
    participants: { arbitrageur: 2310.55, maker: -812.4 },
    holders: {
      inKind: { deposited: 750_000, worth: 701_000, received: 699_400.5, amounts: { USDC: 420_000_000_000n } },
      queue: { deposited: 250_000, worth: 233_000, received: 231_870.2, hours: 27, filled: 0.93, amounts: {} },
    },
    liquidations: 0,
    published: null,
    seconds: 48.2,
  };
}
