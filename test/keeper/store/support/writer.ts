/**
 * A process of its own that opens a directory, says "open", and writes ticks, each said aloud once its write has resolved. Waits to be killed,
 * or ends when its standard input does; what fails it says as JSON.
 *
 * Arguments: the directory, and most ticks to write.
 */
import { setImmediate } from "node:timers/promises";
import { openStore } from "../../../../keeper/src/store/open-store.js";
import { newTick } from "./rows.js";

const [directory = "", most = "Infinity"] = process.argv.slice(2);
const say = (word: object): void => void process.stdout.write(`${JSON.stringify(word)}\n`);
const named = (error: unknown) => ({ error: (error as Error).constructor.name, message: (error as Error).message });

try {
  const store = await openStore({ kind: "directory", directory });
  say({ open: true });
  process.stdin.once("end", () => void store.close().then(() => process.exit(0)));
  process.stdin.resume();
  for (let written = 0; written < Number(most); written++) {
    // Embedded Postgres never waits for anything outside of this process, so that nothing else would get its turn.
    await setImmediate();
    say({ id: await store.journal.beginTick(newTick({ config: "x".repeat(4000) })) });
  }
  say({ done: true });
} catch (error) {
  say(named(error));
  process.exit(1);
}
