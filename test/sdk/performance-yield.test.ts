import {
  formatTable,
  readSharePrices,
  readSharePricesOfEvents,
  readYield,
  sharePriceTable,
  toCsv,
  toJson,
  yieldTable,
} from "@crosshedge/sdk";
import { expect } from "chai";
import { type Eventful, eventful } from "./eventful.js";
import { expectClose, expectRejection } from "./support.js";

const ONE = 10n ** 18n;
const YEAR = 365 * 86_400;
const near = (a: bigint, b: bigint, parts: bigint) => (a > b ? a - b : b - a) * parts <= b;

describe("sdk: share price and yield", () => {
  let e: Eventful;
  before(async () => {
    e = await eventful();
  });

  it("reads prices at blocks and on a grid of times, as the vault has them", async () => {
    const { vault, f, blocks } = e;
    const [point] = await readSharePrices(vault, { at: [blocks.busy] });
    const tag = { blockTag: blocks.busy };
    const [mid, half] = await f.vault.nav(tag);
    const supply = await f.vault.supplyWithFees(tag);
    expect(supply > (await f.vault.totalSupply(tag))).to.equal(true);
    expect(point?.nav).to.deep.equal({ mid, half });
    expect(point?.sharePrice).to.deep.equal({
      mid: (mid * ONE) / supply,
      low: ((mid - half) * ONE) / supply,
      high: ((mid + half) * ONE) / supply,
    });
    expect((await vault.readState(tag)).sharePrice).to.deep.equal(point?.sharePrice);
    const grid = await readSharePrices(vault, { at: { from: blocks.quiet, to: blocks.end, every: 7_200 } });
    expect(grid.length).to.be.greaterThan(5);
    const again = { at: grid.map(({ blockNumber }) => blockNumber), maxSamples: 1 };
    expect(await readSharePrices(vault, { ...again, known: grid.slice(1) })).to.deep.equal(grid);
    await expectRejection(
      readSharePrices(vault, { ...again, known: [{ ...grid[0]!, source: "events" }] }),
      "BAD_ARGUMENT",
    );
    expect(grid.every(({ timestamp }, k) => k === 0 || timestamp > grid[k - 1]!.timestamp)).to.equal(true);
    const csv = toCsv(sharePriceTable(grid)).split("\r\n");
    expect(csv[0]).to.equal("block,time_UTC,share_price_USD,low_USD,high_USD,nav_USD,supply_shares,source");
    expect(csv).to.have.length(grid.length + 2);
    expect(formatTable(sharePriceTable(grid))).to.match(/Share price after fees[\s\S]*\$1\.0/);
  });

  it("has no price before there are shares", async () => {
    const [point] = await readSharePrices(e.vault, { at: [e.blocks.start] });
    expect([point?.totalSupply, point?.sharePrice]).to.deep.equal([0n, null]);
    await expectRejection(readYield(e.vault, { from: e.blocks.start, to: e.blocks.end }), "NOT_ENOUGH_DATA");
    await expectRejection(readYield(e.vault, { from: e.blocks.end, to: e.blocks.start }), "BAD_ARGUMENT");
  });

  it("is rebuilt from events where the node keeps no states, as the states of just before have it", async () => {
    const points = await readSharePricesOfEvents(e.vault, { to: e.blocks.end });
    expect(points.length).to.be.greaterThan(4);
    const priced = points.filter(({ sharePrice }) => sharePrice !== null);
    const states = await readSharePrices(e.vault, { at: priced.map(({ blockNumber }) => blockNumber - 1) });
    for (const [k, { sharePrice }] of priced.entries()) {
      const { nav, totalSupply } = states[k]!;
      if (totalSupply === 0n || nav === null) continue;
      // A block's funding, and what a plan cost, lie between.
      expect(near(sharePrice!.mid, (nav.mid * ONE) / totalSupply, 400n), `${k}`).to.equal(true);
    }
    const last = await e.f.vault.totalSupply({ blockTag: e.blocks.end });
    const [settled] = points.slice(-1);
    expect(settled!.totalSupply > last).to.equal(true);
  });

  it("never falls by a deposit, and rises by no more than the spread", async () => {
    const deposits = await e.f.vault.queryFilter(e.f.vault.filters.BasketDeposit, e.blocks.quiet + 1, e.blocks.end);
    expect(deposits.length).to.be.greaterThan(0);
    for (const { blockNumber, args } of deposits) {
      const [before, after] = await readSharePrices(e.vault, { at: [blockNumber - 1, blockNumber] });
      const rate = (args.navBefore * ONE) / before!.supplyWithFees;
      const most = (rate * (args.navBefore + 3n * args.half)) / args.navBefore;
      // Funding of one second, and the fee of one second, may lie between.
      expect(after!.sharePrice!.mid * 1_000_000n > rate * 999_999n).to.equal(true);
      expect(after!.sharePrice!.mid < most).to.equal(true);
    }
  });

  it("has the yield after fees, and before them", async () => {
    const { quiet: from, end: to } = e.blocks;
    const report = await readYield(e.vault, { from, to });
    const { net, gross, managementFee, performanceFee, seconds, startPrice, endPrice } = report;
    expect(net.total).to.equal((endPrice * ONE) / startPrice - ONE);
    expect(net.simple).to.equal((net.total * BigInt(YEAR)) / BigInt(seconds));
    const compounded = Math.expm1(Math.log1p(Number(net.total) / 1e18) * (YEAR / seconds));
    expectClose(Number(net.compounded) / 1e18, compounded, 1e-9 * (1 + compounded));

    // 2% a year by time; 10% of the gain above the mark.
    const byTime = (0.02 * seconds) / YEAR;
    expectClose(Number(managementFee) / 1e18, byTime, byTime * 0.01);
    expect(performanceFee > 0n).to.equal(true);
    const product =
      (1 + Number(net.total) / 1e18) * (1 + Number(managementFee) / 1e18) * (1 + Number(performanceFee) / 1e18);
    expectClose(Number(gross.total) / 1e18 + 1, product, 1e-12);
    expect(toCsv(yieldTable(report))).to.match(/^basis,from_UTC,to_UTC,total_ratio,.*\r\nafter fees,20/);
    expect(JSON.parse(JSON.stringify(toJson(report))).net.total).to.equal(net.total.toString());
  });

  it("is free of fees where there were none: before and after them is the same", async () => {
    const { quiet: from, busy: to } = e.blocks;
    const { net, gross, managementFee, performanceFee } = await readYield(e.vault, { from, to });
    expect(performanceFee).to.equal(0n);
    // The fee that is due counts, minted or not.
    expect(managementFee > 0n && gross.total > net.total).to.equal(true);
    const nav = async (blockTag: number) => (await e.f.vault.nav({ blockTag }))[0];
    const growth = ((await nav(to)) * ONE) / (await nav(from)) - ONE;
    expect(gross.total - growth < 10n && growth - gross.total < 10n, `${gross.total} ${growth}`).to.equal(true);
  });
});
