import {
  type ProfitReport,
  profitSeriesTable,
  profitTable,
  readProfit,
  readProfits,
  readStates,
  type VaultState,
} from "@crosshedge/sdk";
import { expect } from "chai";
import { Contract } from "ethers";
import { type Eventful, eventful } from "./eventful.js";
import { expectRejection } from "./support.js";

const ONE = 10n ** 18n;
const abs = (value: bigint): bigint => (value < 0n ? -value : value);
const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

function expectWithin(actual: bigint, expected: bigint, most: bigint, what: string): void {
  expect(abs(actual - expected) <= most, `${what}: ${actual} for ${expected}`).to.equal(true);
}

describe("sdk: where a vault's profit came from", () => {
  let e: Eventful;
  let whole: ProfitReport;
  let quiet: ProfitReport;

  before(async () => {
    e = await eventful();
    const { start, quiet: from, busy: to, end } = e.blocks;
    whole = await readProfit(e.vault, { from: start, to: end });
    quiet = await readProfit(e.vault, { from, to });
  });

  it("adds up to the NAV's change, to the last unit, and leaves nothing but rounding unexplained", async () => {
    for (const { from, to, navBefore, navAfter, flows, parts, profit, ...report } of [whole, quiet]) {
      const navs = await Promise.all([from, to].map(({ number }) => e.f.vault.nav({ blockTag: number })));
      expect([navBefore, navAfter]).to.deep.equal(navs.map(([mid]) => mid));
      expect(sum(Object.values(parts))).to.equal(profit);
      expect(navBefore + flows.deposits - flows.exits - flows.settlements + profit).to.equal(navAfter);
      expect(report.unattributedBecause).to.deep.equal([]);
      expectWithin(parts.unattributed, 0n, report.roundingBound, "unattributed");
    }
    expect(whole.roundingBound < 10_000n).to.equal(true);
  });

  it("is a table of figures that add up, and one of periods", () => {
    const amounts = profitTable(whole).rows.map(([figure, amount]) => [figure, amount as bigint] as const);
    const above = amounts.slice(
      0,
      amounts.findIndex(([figure]) => figure === "navAfter"),
    );
    expect(sum(above.map(([, amount]) => amount))).to.equal(whole.navAfter);
    expect(amounts.at(-1)).to.deep.equal(["holdersProfit", whole.holders.profit]);
    const { columns, rows } = profitSeriesTable([quiet]);
    const row = Object.fromEntries(columns.map(({ key }, k) => [key, rows[0]?.[k]]));
    expect(row).to.deep.include({ from: quiet.from.timestamp, nav_after: quiet.navAfter, profit: quiet.profit });
    expect(row).to.deep.include(quiet.parts);
  });

  it("has fees of the pool as the pool tells them", async () => {
    const { liquidity, vault } = e.f;
    const [from, to] = [e.blocks.quiet, e.blocks.busy];
    const [, { mid }] = await vault.portfolio({ blockTag: from });
    const [i0, i1] = (await liquidity.indices()).map(Number) as [number, number];
    const fees = async (blockTag: number) => liquidity.amounts(mid[i0] as bigint, mid[i1] as bigint, { blockTag });
    const [first, last] = [await fees(from), await fees(to)];
    const units = [6n, 18n, 18n, 8n].map((decimals) => 10n ** decimals);
    const worth = (i: number, amount: bigint) => (amount * (mid[i] as bigint)) / (units[i] as bigint);
    const earned = worth(i0, last.fees0 - first.fees0) + worth(i1, last.fees1 - first.fees1);
    expect(earned > ONE).to.equal(true);
    expectWithin(quiet.parts.lpFees, earned, 2n, "fees");
  });

  it("has the impermanent loss against the tokens of the beginning, wherever else it was read", async () => {
    const { liquidity, vault } = e.f;
    const [from, to] = [e.blocks.quiet, e.blocks.busy];
    const [i0, i1] = (await liquidity.indices()).map(Number) as [number, number];
    const held = async (blockTag: number) => {
      const [, { mid }] = await vault.portfolio({ blockTag });
      const { amount0, amount1 } = await liquidity.amounts(mid[i0] as bigint, mid[i1] as bigint, { blockTag });
      return { mid, amounts: [amount0, amount1] as const };
    };
    const [first, last] = [await held(from), await held(to)];
    const units = [6n, 18n, 18n, 8n].map((decimals) => 10n ** decimals);
    const worth = ([a0, a1]: readonly [bigint, bigint]) =>
      (a0 * (last.mid[i0] as bigint)) / (units[i0] as bigint) + (a1 * (last.mid[i1] as bigint)) / (units[i1] as bigint);
    const loss = worth(last.amounts) - worth(first.amounts);
    expect(loss < 0n).to.equal(true);
    expectWithin(quiet.parts.impermanentLoss, loss, 20n, "impermanent loss");

    const cuts = [from + 5, from + 11, from + 12, to - 3];
    const pieces = await readProfits(e.vault, { from, to, cuts });
    expect(pieces).to.have.length(5);
    expect(pieces.map((piece) => piece.to.number)).to.deep.equal([...cuts, to]);
    expectWithin(sum(pieces.map(({ parts }) => parts.impermanentLoss)), loss, 100n, "in pieces");
    expect(sum(pieces.map(({ profit }) => profit))).to.equal(quiet.profit);
  });

  it("has the funding of the venue's own events", async () => {
    const { perp, world } = e.f;
    const house = world.perp.clearingHouse;
    const settled = await house.queryFilter(
      house.filters.FundingPaymentSettled(perp),
      e.blocks.start + 1,
      e.blocks.end,
    );
    const exchange = new Contract(
      await perp.exchange(),
      ["function getPendingFundingPayment(address, address) view returns (int256)"],
      world.ethers.provider,
    );
    const pending = (await perp.markets()).map(({ market }) =>
      exchange.getFunction("getPendingFundingPayment")(perp, market, { blockTag: e.blocks.end }),
    );
    const paid = sum(settled.map(({ args }) => args.fundingPayment)) + sum(await Promise.all(pending));
    expect(abs(paid) > ONE).to.equal(true);
    // What the venue pays out is rounded to its token's units.
    expectWithin(whole.parts.funding, -paid, 10n ** 14n, "funding");
  });

  it("has hedge parts that make up what the hedge leg gained beyond its margin", async () => {
    const { perp, vault, world } = e.f;
    const { USDC } = world.tokens;
    const [, prices] = await vault.portfolio({ blockTag: e.blocks.end });
    const at = { mid: [...prices.mid], half: [...prices.half], ok: true };
    const { equity } = await perp.measure(at, { blockTag: e.blocks.end });
    const range = [e.blocks.start + 1, e.blocks.end] as const;
    const moved = async (from: typeof vault | typeof perp, to: typeof vault | typeof perp) =>
      sum((await USDC.queryFilter(USDC.filters.Transfer(from, to), ...range)).map(({ args }) => args.value));
    const margin = (await moved(vault, perp)) - (await moved(perp, vault));
    const { hedgePrice, funding, hedgeFees, hedgeSlippage, penalties } = whole.parts;
    const gained = hedgePrice + funding + hedgeFees + hedgeSlippage + penalties;
    expectWithin(gained, equity - margin * 10n ** 12n, 10_000n, "hedge");
    expect(hedgeFees < 0n && hedgePrice !== 0n && hedgeSlippage !== 0n).to.equal(true);
    const house = world.perp.clearingHouse;
    const trades = await house.queryFilter(house.filters.PositionChanged(perp), ...range);
    expectWithin(hedgeFees, -sum(trades.map(({ args }) => args.fee)), 100n, "fees");
  });

  it("has what came in and went out, and what holders had of it", async () => {
    const { vault } = e.f;
    const range = [e.blocks.start + 1, e.blocks.end] as const;
    const settled = await vault.queryFilter(vault.filters.Settled, ...range);
    expectWithin(whole.flows.settlements, sum(settled.map(({ args }) => args.assets)) * 10n ** 12n, 0n, "settled");
    const { spreadGained, managementFees, performanceFees, profit } = whole.holders;
    expect(profit).to.equal(whole.profit + spreadGained - managementFees - performanceFees);
    expect(managementFees > 0n && performanceFees > 0n && spreadGained > 0n).to.equal(true);
    // Nothing comes in or goes out: the holders' profit is that of the shares that there are.
    const supply = await vault.totalSupply({ blockTag: e.blocks.quiet });
    expect(await vault.totalSupply({ blockTag: e.blocks.busy })).to.equal(supply);
    expect(quiet.holders.profit).to.equal(quiet.profit);
    expect(quiet.flows).to.deep.equal({ deposits: 0n, exits: 0n, settlements: 0n });
  });

  it("takes prices that the caller knows better", async () => {
    const { start, quiet: from, busy: to } = e.blocks;
    const half = (block: { number: number }) =>
      block.number < start ? null : [ONE, 5n * ONE, 1_000n * ONE, 15_000n * ONE];
    const report = await readProfit(e.vault, { from, to, pricesAt: half });
    const { hedgePrice, heldLiquidity, impermanentLoss, idleTokens, unattributed } = report.parts;
    expect([hedgePrice, heldLiquidity, impermanentLoss, idleTokens]).to.deep.equal([0n, 0n, 0n, 0n]);
    expectWithin(unattributed, 0n, report.roundingBound, "unattributed");
    const held = await e.f.vault.measure(
      { mid: half({ number: start })!, half: [0n, 0n, 0n, 0n], ok: true },
      { blockTag: to },
    );
    expect(report.navAfter).to.equal(held.nav);
  });

  it("tells the settlement token's price from the hedges'", async () => {
    const { quiet: from, busy: to } = e.blocks;
    const [, { mid }] = await e.f.vault.portfolio({ blockTag: from });
    const at = (usdc: bigint) => [usdc, ...mid.slice(1)];
    const report = await readProfit(e.vault, {
      from,
      to,
      pricesAt: ({ number }) => at(number === to ? ONE / 2n : ONE),
    });
    const { equity } = await e.f.perp.measure({ mid: at(ONE), half: at(0n), ok: true }, { blockTag: to });
    expectWithin(report.parts.margin, -equity / 2n, 2n, "margin");
    expectWithin(report.parts.hedgePrice, 0n, 2n, "hedges");
    const idle = (await e.f.vault.idle(e.f.world.tokens.USDC, { blockTag: to })) * 10n ** 12n;
    expectWithin(report.parts.idleTokens, -idle / 2n, 2n, "idle");
  });

  it("goes on from states that were read, stops when told to, and refuses what is too much", async () => {
    const { quiet: from, end: to } = e.blocks;
    const seen: VaultState[] = [];
    const first = await readProfit(e.vault, { from, to, onProgress: ({ state }) => state && seen.push(state) });
    expect(seen.length).to.equal(first.samples);
    const again: VaultState[] = [];
    const second = await readProfit(e.vault, {
      ...{ from, to, known: seen },
      onProgress: ({ state }) => state && again.push(state),
    });
    expect(again).to.deep.equal([]);
    expect(second.parts).to.deep.equal(first.parts);
    await expectRejection(readProfit(e.vault, { from, to, maxSamples: 3 }), "BAD_ARGUMENT", /more than 3/);
    await expectRejection(readProfit(e.vault, { from: to, to: from }), "BAD_ARGUMENT");
    await expectRejection(readProfits(e.vault, { from, to, cuts: [to + 1] }), "BAD_ARGUMENT");
    const stop = new AbortController();
    const reading = readStates(e.vault, [from, from + 1, from + 2, from + 3], {
      ...{ concurrency: 1, signal: stop.signal },
      onProgress: ({ done }) => done === 2 && stop.abort(),
    });
    await expectRejection(reading, "ABORTED");
    await expectRejection(readStates(e.vault, [from], { concurrency: 0 }), "BAD_ARGUMENT");
  });
});
