/**
 * `npm run soak:keeper [-- --faults N --seed S]`: a real vault and its keeper under faults of chance: nodes that lie and fail, reorgs, kill -9, a second
 * keeper, foreign transactions, while the market moves. Judged after each fault: no intent lost, none landed twice, the journal in order, all money
 * accounted for. Every campaign has a seed of its own, by which it can be run again alone.
 */
import { randomInt } from "node:crypto";
import { createProgress } from "@crosshedge/keeper/report";
import { Command, InvalidArgumentError } from "commander";
import hre from "hardhat";
import { campaign, FAULTS } from "./campaign.js";

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value <= 0) throw new InvalidArgumentError("It must be a whole number above 0.");
  return value;
}

const { faults: wanted, seed } = new Command("soak:keeper")
  .description("A keeper under faults of chance.")
  .option("--faults <number>", "faults of all campaigns together", whole, 500)
  .option("--seed <number>", "of the first campaign, each has the next; one of chance without it", whole)
  .parse()
  .opts<{ faults: number; seed?: number }>();
const first = seed ?? randomInt(1, 2 ** 31);

console.log(`seeds from ${first}; again with: npm run soak:keeper -- --faults ${wanted} --seed ${first}`);
await hre.tasks.getTask("build").run({ quiet: true });
const progress = createProgress("soak", wanted);
const tally = new Map<string, number>();
let done = 0;
try {
  for (let next = first; done < wanted; next += 1) {
    await campaign(next, Math.min(FAULTS, wanted - done), (fault) => {
      done += 1;
      tally.set(fault, (tally.get(fault) ?? 0) + 1);
      progress.update(done, `seed ${next}, ${fault}`);
    });
  }
  progress.finish();
  for (const [fault, times] of [...tally].sort()) console.log(`${String(times).padStart(5)}  ${fault}`);
  console.log(`${done} faults, no intent lost, none landed twice`);
} catch (error) {
  progress.finish();
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
process.exit();
