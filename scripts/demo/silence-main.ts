import { percent } from "@crosshedge/keeper/report";
import { CrosshedgeError } from "@crosshedge/sdk";
import { UsageError } from "../errors.js";
import { parseOptionsOrExit } from "./options.js";
import { runSilence, type Silence } from "./silence.js";

const usd = (value: number): string => `$${value.toFixed(2)}`;

/** What came of it, in a few lines for a terminal. */
function summarise({ trigger, volatilityBefore, volatilityAfter, hours, paid, bounties, gas }: Silence): string {
  const count = (action: string) => hours.filter(({ result }) => result.action === action).length;
  return [
    "",
    `volatility: ${percent(volatilityBefore)} when the keeper stopped, ${percent(volatilityAfter)} in the end, trigger ${percent(trigger)}`,
    `a stranger raised ${count("raiseAlarm")} alarm(s), hedged ${count("hedge")} time(s), deleveraged ${count("deleverage")} time(s) in ${hours.length} hours`,
    `he was paid ${usd(paid)}: bounties of ${usd(bounties)} for gas that cost him ${usd(gas)}`,
  ].join("\n");
}

async function main(): Promise<void> {
  const options = parseOptionsOrExit(process.argv.slice(2), { silence: true });
  let interrupted = false;
  process.on("SIGINT", () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    console.error("\nStopping after this hour. Ctrl-C again ends at once.");
  });
  const silence = await runSilence(
    options,
    (line) => console.log(line),
    () => interrupted,
  );
  console.log(summarise(silence));
  if (interrupted) process.exit(130);
  const hedged = silence.hours.some(({ result }) => result.action === "hedge");
  if (!hedged || silence.volatilityAfter > silence.trigger) {
    console.error(
      "The volatility did not come back under its trigger: the period ended first, or the limits are too tight.",
    );
    process.exit(1);
  }
  process.exit(0);
}

main().catch((error: unknown) => {
  const said = error instanceof UsageError || CrosshedgeError.is(error);
  console.error(said ? (error as Error).message : error);
  process.exit(1);
});
