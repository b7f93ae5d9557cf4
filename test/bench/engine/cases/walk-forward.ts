import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { syntheticMarket } from "../../../../keeper/src/backtest/data/synthetic.js";
import { DAY, iso } from "../../../../keeper/src/backtest/time.js";
import { DEFAULT_METHOD, METHODS } from "../../../../keeper/src/model/forecast/methods.js";
import { csvOf } from "../../../keeper/backtest/support.js";
import type { EngineCase, Spent } from "../case.js";

const ASSETS = 16;
const WARM_UP = 180;
const START = Date.UTC(2021, 0, 1) / 1000;
const CLI = path.resolve(import.meta.dirname, "../backtest-process.ts");

/** `npm run backtest` from files to report: three years by the hour after half a year of warm-up. */
export default function measure(): EngineCase[] {
  const folder = mkdtempSync(path.join(tmpdir(), "engine-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const market = syntheticMarket({ seed: 1, days: WARM_UP + 3 * 365, alts: ASSETS, start: START });
  const files = (["prices", "perps", "funding"] as const).flatMap((name) => {
    const file = path.join(folder, `${name}.csv`);
    writeFileSync(file, csvOf(market[name]));
    return [`--${name}`, file];
  });
  const from = iso(START + WARM_UP * DAY).slice(0, 10);
  const walk = (threads: number, methods: readonly string[]): Spent => {
    const run = [...files, "--from", from, "--threads", `${threads}`, "--methods", methods.join()];
    const args = ["--import", "tsx", CLI, ...run, "--out", path.join(folder, "out")];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Spent;
  };
  let spent: Spent = { peakGiB: 0, cpuSeconds: 0 };
  const all = Object.keys(METHODS).filter((name) => name !== "naive");
  return [
    {
      ...{ name: `backtest: ${ASSETS} assets, three years by the hour`, unit: "run", most: 60_000, once: true },
      own: { name: "every method with all experts, two workers", run: () => (spent = walk(2, all)) },
      process: { spent: () => spent, mostGiB: 1 },
      others: [
        { name: "the same, one worker", run: () => walk(1, all) },
        { name: "the default method alone, two workers", run: () => walk(2, [DEFAULT_METHOD]) },
      ],
    },
  ];
}
