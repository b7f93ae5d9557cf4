/**
 * `npm run soak [-- --calls N --seed S]`: the invariants with many more calls and a seed of chance. Rewrites `test/reports/soak.json`; Ctrl-C ends it
 * with what was done until then.
 */
import { randomBytes } from "node:crypto";
import { createProgress } from "@crosshedge/keeper/report";
import { Command, InvalidArgumentError } from "commander";
import { keccak256, solidityPacked, toBeHex } from "ethers";
import hre from "hardhat";
import { writeReport } from "../../../scripts/build/report.js";
import { runCampaigns, SUITES, type Tally } from "./campaigns.js";

const DEPTH = 128;
/** Calls of all suites in one round: what Ctrl-C loses at most. */
const ROUND = 8 * DEPTH * SUITES.length;

function calls(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0) throw new InvalidArgumentError("It must be a whole number above 0.");
  return value;
}

function seed(text: string): string {
  if (!/^0x[0-9a-f]{1,64}$/i.test(text)) throw new InvalidArgumentError("It must be a number in hex, such as 0x1f.");
  return text;
}

const { calls: wanted, seed: first } = new Command("soak")
  .description("Every invariant, with many calls.")
  .option("--calls <number>", "calls of handlers, of all suites together", calls, 1_000_000)
  .option("--seed <hex>", "where every call follows from; one of chance without it", seed)
  .parse()
  .opts<{ calls: number; seed?: string }>();
const start = first ?? toBeHex(BigInt(`0x${randomBytes(8).toString("hex")}`));

const suites: Record<string, Tally> = Object.fromEntries(SUITES.map((name) => [name, { calls: 0, done: {} }]));
const total = () => Object.values(suites).reduce((sum, tally) => sum + tally.calls, 0);
const began = Date.now();

function report(found?: string): void {
  const seconds = Math.round((Date.now() - began) / 1000);
  const content = { seed: start, asked: wanted, calls: total(), seconds, suites, ...(found && { found }) };
  console.log(`\n${writeReport("soak", content)}`);
}

function add(name: string, { calls: more, done }: Tally): void {
  const tally = suites[name] as Tally;
  tally.calls += more;
  for (const [deed, times] of Object.entries(done)) tally.done[deed] = (tally.done[deed] ?? 0) + times;
}

process.once("SIGINT", () => {
  report();
  process.exit(130);
});

console.log(`seed ${start}; again with: npm run soak -- --calls ${wanted} --seed ${start}`);
await hre.tasks.getTask("build").run({ quiet: true });
const progress = createProgress("soak", wanted);
try {
  for (let round = 0; total() < wanted; round += 1) {
    const runs = Math.max(1, Math.ceil(Math.min(ROUND, wanted - total()) / (DEPTH * SUITES.length)));
    const own = keccak256(solidityPacked(["uint256", "uint256"], [start, round]));
    for (const [name, tally] of Object.entries(await runCampaigns(own, runs, DEPTH))) add(name, tally);
    progress.update(Math.min(total(), wanted), `${total().toLocaleString("en")} calls`);
  }
  progress.finish();
  report();
} catch (error) {
  progress.finish();
  const found = error instanceof Error ? error.message : String(error);
  console.error(found);
  report(found);
  process.exitCode = 1;
}
