import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createKeeper, KeeperError } from "@crosshedge/keeper";
import { expect } from "chai";
import { iso } from "../../../keeper/src/backtest/time.js";
import type { StressCommandOptions } from "../../../keeper/src/stress/options.js";
import { parseReplay } from "../../../keeper/src/stress/options.js";
import { runStress } from "../../../keeper/src/stress/run-stress.js";
import { keeperParts } from "../../../scripts/devnet/keeper-parts.js";
import { depositBasket } from "../../support/actions.js";
import { type Fixture, vaultWithHistory } from "../../support/fixture.js";
import { usdc, wad } from "../../support/orders.js";
import { reusable } from "../../support/reusable.js";
import { expectClose } from "../expect-close.js";

const freshVault = reusable(vaultWithHistory);
const folder = mkdtempSync(path.join(tmpdir(), "crosshedge-stress-"));

/** Ten days of hours in which everything halves and comes back; ALT has no column. */
function priceFile(): string {
  const start = Date.UTC(2022, 0, 1) / 1000;
  const rows = Array.from({ length: 241 }, (_, hour) => {
    const factor = 1 - 0.5 * Math.sin((Math.PI * hour) / 240);
    return `${iso(start + hour * 3_600)},${40_000 * factor},${3_000 * factor}`;
  });
  const file = path.join(folder, "prices.csv");
  writeFileSync(file, `time,BTC,ETH\n${rows.join("\n")}\n`);
  return file;
}

async function hedgedByKeeper(): Promise<Fixture> {
  const f = await freshVault();
  await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
  const keeper = await createKeeper({
    ...(await keeperParts(f.world, "keeper")),
    vault: f.deployment,
    config: { execution: { gasLimit: 15_000_000 } },
  });
  expect((await keeper.pass()).action).to.equal("rebalanced");
  return f;
}

const run = (f: Fixture, options: StressCommandOptions) =>
  runStress({ provider: f.world.ethers.provider, vault: f.deployment }, options);

describe("crosshedge stress, against the real vault", () => {
  it("reads the vault, replays a file, and writes both reports", async () => {
    const f = await hedgedByKeeper();
    const replay = parseReplay("2022-01-01:10");
    const report = await run(f, { prices: [priceFile()], replay, topUpLatency: 2, out: path.join(folder, "out") });
    expectClose(report.nav, Number((await f.vault.portfolio())[0].nav) / 1e18, 0.01);
    expect(report.replays.map(({ name }) => name)).to.deep.equal(["2022-01-01"]);
    const [walked] = report.replays;
    expect(walked!.worst.share).to.be.above(walked!.unhedged.worst);
    expectClose(walked!.share, 0, 1e-6);
    expect(report.notes.join()).to.include("no prices of ALT, taken as its beta").and.include("Replay of March 2020");
    expect(report.notes.join(), "the venue tells its maintenance").to.not.include("does not tell");
    const written = JSON.parse(readFileSync(path.join(folder, "out/stress.json"), "utf8")) as unknown;
    expect(written).to.deep.equal(report);
    expect(readFileSync(path.join(folder, "out/stress.html"), "utf8")).to.include("Worst replay");
  });

  it("tells what fails around the vault, by the figures of a file", async () => {
    const f = await hedgedByKeeper();
    const file = path.join(folder, "failures.json");
    writeFileSync(file, JSON.stringify({ components: { keeper: { failuresPerYear: 500, repairHours: 100 } } }));
    const { failures, cycles } = await run(f, { failures: file });
    expect(failures.times!.unhedgedBy[0]!.id).to.equal("keeper");
    const ids = failures.components.map(({ id }) => id.replace("USDC/ALT", "ALT/USDC"));
    expect(ids).to.include.members(["pool ALT/USDC", "feed ALT", "USDC slips"]);
    expect(failures.cascade.markets.map(({ name }) => name)).to.deep.equal(["perp-v2 WETH", "perp-v2 WBTC"]);
    expect(cycles.market!.regime).to.be.oneOf(["calm", "crash", "decoupled"]);
    writeFileSync(file, "{");
    const error = await run(f, { failures: file }).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(KeeperError).with.property("message").that.includes("--failures");
  });

  it("says which file, column or asset it does not find", async () => {
    const f = await freshVault();
    const prices = [priceFile()];
    const faults: [StressCommandOptions, string][] = [
      [{ prices: [path.join(folder, "absent.csv")] }, "absent.csv"],
      [{ prices, columns: { WETH: "ETHER", WBTC: "BITCOIN" } }, "has no prices"],
      [{ prices, columns: { ALT: "LINK" } }, "LINK"],
      [{ prices, columns: { DOGE: "ETH" } }, "DOGE"],
    ];
    for (const [options, words] of faults) {
      const error = await run(f, options).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(KeeperError).with.property("message").that.includes(words);
    }
  });
});
