import { runBacktestCli } from "./program.js";

const stop = new AbortController();
process.once("SIGINT", () => stop.abort()).once("SIGTERM", () => stop.abort());
process.exitCode = await runBacktestCli(process.argv.slice(2), { signal: stop.signal });
