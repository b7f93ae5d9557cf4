import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { id as hashOfText } from "ethers";
import type { Journal } from "../../../../keeper/src/store/journal.js";
import { openStore } from "../../../../keeper/src/store/open-store.js";
import { newIntent, newTick, SIGNER } from "../../../keeper/store/support/rows.js";
import { sharedPostgres } from "../../../support/postgres.js";
import type { EngineCase } from "../case.js";

/** Writes of a cycle: each is committed and, outside of memory, flushed before the next. */
const WRITES = 10;
const RAW = new Uint8Array(600).fill(7);
const LEASE = 3_600_000;
const ACCOUNTS = 8;

/** All that the journal is told of a tick that sends one transaction: decided, meant, signed, sent, mined, final, paid for. */
async function writeCycle(journal: Journal, chain: number, cycle: number): Promise<void> {
  const hold = (await journal.takeLane(chain, SIGNER, "bench", LEASE))!;
  const tick_id = await journal.beginTick(newTick({ chain_id: chain }));
  const { intent } = await journal.openIntent(newIntent({ chain_id: chain, tick_id, key: `epoch:${cycle}` }));
  const [intent_id, hash] = [intent.id, hashOfText(`${chain} ${cycle}`)];
  const fees = { max_fee: 10n, max_priority_fee: 1n, route: "public", expires_block: null };
  await journal.addAttempt(hold, { hash, intent_id, nonce: cycle, cancels: false, raw: RAW, ...fees });
  await journal.updateAttempt(hold, hash, { status: "sent" });
  await journal.updateAttempt(hold, hash, { status: "mined", block: 9, block_hash: hash, succeeded: true });
  await journal.updateIntent(hold, intent_id, { status: "landed", succeeded: true });
  await journal.updateAttempt(hold, hash, { status: "final" });
  await journal.updateIntent(hold, intent_id, { status: "final" });
  await journal.endTick(tick_id, { state: "landed" });
}

/** The same journal in a directory, on a server, and in memory. */
export default async function measure(): Promise<EngineCase[]> {
  const directory = mkdtempSync(path.join(tmpdir(), "crosshedge-bench-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const url = await (await sharedPostgres()).createDatabase();
  const kinds = [
    { name: "PGlite in a directory", ...(await openStore({ kind: "directory", directory })) },
    { name: "Postgres server", ...(await openStore({ kind: "postgres", url })) },
    { name: "PGlite in memory, nothing flushed", ...(await openStore({ kind: "memory" })) },
  ];
  let cycle = 0;
  const contenders = (accounts: number) =>
    kinds.map(({ name, journal }) => ({
      name,
      run: () => {
        cycle++;
        return Promise.all(Array.from({ length: accounts }, (_, chain) => writeCycle(journal, chain + 1, cycle)));
      },
    }));
  return [1, ACCOUNTS].map((accounts) => {
    const [own, ...others] = contenders(accounts);
    const name = `journal: a tick and its transaction, ${accounts === 1 ? "one account" : `${accounts} accounts at once`}`;
    return { name, unit: "write", work: WRITES * accounts, own: own!, others };
  });
}
