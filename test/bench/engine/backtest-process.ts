/** Runs the backtest's command line, and writes to standard output what the process took; workers are threads of it. */
import { runBacktestCli } from "../../../keeper/src/backtest/cli/program.js";
import type { Spent } from "./case.js";

process.exitCode = await runBacktestCli(process.argv.slice(2), { print: () => {} });
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const spent: Spent = { peakGiB: maxRSS / 2 ** 20, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
process.stdout.write(JSON.stringify(spent));
