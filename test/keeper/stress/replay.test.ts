import { expect } from "chai";
import type { Table } from "../../../keeper/src/backtest/data/table.js";
import type { KeeperConfigInput } from "../../../keeper/src/config.js";
import type { EventWindow } from "../../../keeper/src/model/stress/event-windows.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import type { StressOptions } from "../../../keeper/src/stress/stress-report.js";
import { stressVault } from "../../../keeper/src/stress/stress-vault.js";
import { expectClose } from "../expect-close.js";
import { type Scene, situationOf } from "../situation.js";

const FROM = Date.UTC(2022, 0, 1) / 1000;
const SCENE: Scene = { idle: [5_000, 1_000, 0, 0], perp: { cash: 5_000, eth: -5 } };

/** One file; rows are hours from FROM. */
function tableOf(columns: Record<string, number[]>): Table {
  const length = Object.values(columns)[0]!.length;
  const entries = Object.entries(columns).map(([name, prices]) => [name, Float64Array.from(prices)] as const);
  return { grid: { start: FROM, length }, columns: new Map(entries) };
}

const window = (hours: number): EventWindow => ({ name: "test", from: FROM, hours });

function replayed(
  tables: Table[],
  hours: number,
  changes: Partial<StressOptions> = {},
  { scene = SCENE, config = {} }: { scene?: Scene; config?: KeeperConfigInput } = {},
) {
  const prices = { tables, columns: {} };
  const report = stressVault(situationOf(scene), {
    ...{ config: parseConfig(config), prices, windows: [window(hours)], liquidationPenalty: 0 },
    ...changes,
  });
  return { ...report, replay: report.replays[0] };
}

/** A straight way up, by hours. */
const rise = (to: number, hours: number): number[] =>
  Array.from({ length: hours + 1 }, (_, hour) => 2_000 * (1 + ((to - 1) * hour) / hours));
const flat = (hours: number, price = 10): number[] => new Array<number>(hours + 1).fill(price);

describe("a replay", () => {
  it("walks the positions hour by hour, and finds the lowest of them", () => {
    const table = tableOf({ ETH: [2_000, 2_400, 1_000, 1_800], BTC: flat(3), ALT: [5, 4.5, 4, 6] });
    const { replay, worst } = replayed([table], 3);
    // NAV 20,000; of ALT 10,000, short 10,000 of ETH.
    const hedged = [0, -1_000 - 2_000, -2_000 + 5_000, 2_000 + 1_000];
    hedged.forEach((change, hour) => {
      expectClose(replay!.path.hedged[hour], change / 20_000, 1e-9);
    });
    expectClose(replay!.path.unhedged[2], -0.1, 1e-9);
    expect(replay!.worst.time).to.equal(FROM + 3_600);
    expectClose(worst.replay!.loss, 0.15, 1e-9);
    expectClose(replay!.hedge, 1_000, 1e-6);
    expectClose(replay!.unhedged.worst, -0.1, 1e-9);
    expectClose(replay!.legs[0]!.leastMargin!, 3_000 / 12_000, 1e-9);
  });

  it("takes an asset without prices by its beta on the hedge, and says so", () => {
    const { replay, notes } = replayed([tableOf({ ETH: [2_000, 1_600] })], 1);
    const factor = 0.8 ** (0.8 / 0.8); // correlation 0.8, volatilities 1 and 0.8
    expectClose(replay!.path.unhedged[1], (10_000 * (factor - 1)) / 20_000, 1e-9);
    expect(notes.join()).to.include("no prices of ALT, taken as its beta, 1.00 times the move of WETH");
    expect(notes.join()).to.include("no prices of USDC, taken as constant");
  });

  it("does so where prices begin later, or are there for less than half of the hours", () => {
    for (const ALT of [
      [Number.NaN, 10, 10, 10],
      [10, Number.NaN, Number.NaN, Number.NaN],
    ]) {
      const { notes } = replayed([tableOf({ ETH: rise(1.1, 3), ALT })], 3);
      expect(notes.join()).to.include("no prices of ALT");
    }
  });

  it("finds columns in several files, by the symbol, without its leading W, or as it is told", () => {
    const usdc = tableOf({ dollar: [1, 0.9] });
    const others = tableOf({ ETH: [2_000, 2_000], WBTC: [3, 3], ALT: [1, 1] });
    const prices = { tables: [others, usdc], columns: { USDC: "dollar" } };
    const { replay, notes } = replayed([], 1, { prices });
    expectClose(replay!.share, -(10_000 * 0.1) / 20_000, 1e-9);
    expect(notes.join()).to.not.include("no prices");
  });

  it("leaves out a window of which nothing is known, and says so", () => {
    const { replays, notes, worst } = replayed([tableOf({ ETH: [2_000, 2_000] })], 1, {
      windows: [{ ...window(2), from: FROM + 86_400 }],
    });
    expect(replays).to.deep.equal([]);
    expect(worst.replay).to.equal(null);
    expect(notes.join()).to.include("Replay of test: not replayed");
  });

  it("survives where margin comes in time, and is liquidated where it comes late or not at all", () => {
    const table = tableOf({ ETH: rise(1.6, 24), BTC: flat(24), ALT: flat(24) });
    const at = (topUpLatency?: number) =>
      replayed([table], 24, topUpLatency === undefined ? {} : { topUpLatency }).replay!;
    const [prompt, late, never] = [at(2), at(20), at()];
    expect(prompt.legs[0]!.liquidated).to.equal(false);
    expect(prompt.topUps.number).to.be.above(0);
    expect(late.legs[0]!.liquidated).to.equal(true);
    expect(late.topUps.number).to.equal(0);
    expect(never.legs[0]!.liquidated).to.equal(true);
    expectClose(prompt.share, -(5 * 2_000 * 0.6) / 20_000, 1e-9);
    expectClose(prompt.hedge, -6_000, 1e-6);
    for (const change of prompt.path.unhedged) expectClose(change, 0, 1e-9);
    // What was there to lose is lost: the leg's margin, less what the venue could not take any more.
    expect(never.hedge).to.be.within(-5_000, -4_000);
  });

  it("brings margin the given hours after it is low, to the target, out of idle tokens alone", () => {
    const table = tableOf({ ETH: [2_000, 2_200, 2_200, 2_200, 2_200], BTC: flat(4), ALT: flat(4) });
    const { path, topUps } = replayed([table], 4, { topUpLatency: 2 }).replay!;
    const before = 4_000 / 11_000;
    [0.5, before, before, before, 0.5].forEach((ratio, hour) => {
      expectClose(path.margin[hour]!, ratio, 1e-6);
    });
    expect(topUps.number).to.equal(1);
    expectClose(topUps.usd, 1_500, 0.01);
    const poor = { ...SCENE, idle: [700, 1_000, 0, 0] as [number, number, number, number] };
    const short = replayed([table], 4, { topUpLatency: 2 }, { scene: poor }).replay!;
    expectClose(short.topUps.usd, 700, 0.01);
    const queued = replayed([table], 4, { topUpLatency: 2 }, { scene: { ...SCENE, waiting: 0.2 } }).replay!;
    expectClose(queued.topUps.usd, 5_000 - 0.2 * 20_000, 0.01);
  });

  it("asks for none once the margin is back by itself, and anew when it is low again", () => {
    const table = tableOf({ ETH: [2_000, 2_200, 2_000, 2_200, 2_200, 2_200, 2_200], BTC: flat(6), ALT: flat(6) });
    expect(replayed([table], 3, { topUpLatency: 2 }).replay!.topUps.number).to.equal(0);
    const { path } = replayed([table], 6, { topUpLatency: 2 }).replay!;
    expectClose(path.margin[5]!, 4_000 / 11_000, 1e-6);
    expectClose(path.margin[6]!, 0.5, 1e-6);
  });
});
