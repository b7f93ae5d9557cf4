import { randomUUID } from "node:crypto";
import type { Transaction } from "kysely";
import { KeeperError } from "../../errors.js";
import type { LaneHold } from "../journal.js";
import type { Store } from "../open-store.js";
import type { Database } from "../schema.js";
import { fence } from "../sql/lanes.js";
import type { Change, Finding, ReceiptOf } from "./finding.js";
import { verifyJournal } from "./verify.js";

/** Time that one repair may hold a lane, ms. */
const HOLD = 60_000;

/** What was found, and what is still to be done by hand. */
export interface Repair {
  readonly done: readonly Finding[];
  readonly left: readonly Finding[];
}

/**
 * Write again what can be derived: columns of a transaction from its signed bytes, its block, gas and outcome from the chain, an intent's
 * nonce and status from its transactions. What was signed is never changed or deleted. Repeated until nothing more follows from it.
 *
 * @throws {KeeperError} a keeper has a lane whose rows are to be repaired
 */
export async function repairJournal(store: Store, receiptOf?: ReceiptOf): Promise<Repair> {
  const done: Finding[] = [];
  for (;;) {
    const found = await verifyJournal(store.session, receiptOf);
    const todo = found.filter(({ changes }) => changes.length > 0);
    // One mended row may bring another to light; one that comes back is not mended.
    const fresh = todo.filter((finding) => !done.some((before) => sameProblem(before, finding)));
    if (fresh.length === 0) return { done, left: found };
    await apply(store, fresh);
    done.push(...fresh);
  }
}

async function apply({ journal, session }: Store, findings: readonly Finding[]): Promise<void> {
  const holds = new Map<string, LaneHold>();
  const owner = `journal repair ${randomUUID()}`;
  try {
    for (const { account } of findings) {
      if (account === null) continue;
      const { chainId, signer } = account;
      const name = `${chainId} ${signer}`;
      if (holds.has(name)) continue;
      const hold = await journal.takeLane(chainId, signer, owner, HOLD);
      if (hold === null) {
        throw new KeeperError(`A keeper signs for ${signer} on chain ${chainId} now.`, "Stop it, then repair.");
      }
      holds.set(name, hold);
    }
    await session.transaction(async (db) => {
      for (const hold of holds.values()) await fence(db, hold);
      for (const change of findings.flatMap(({ changes }) => changes)) await write(db, change, session.now());
    });
  } finally {
    for (const hold of holds.values()) await journal.releaseLane(hold);
  }
}

async function write(db: Transaction<Database>, change: Change, time: number): Promise<void> {
  const common = { updated_at: time, note: "Corrected by a repair of the journal." };
  if (change.table === "intents") {
    await db
      .updateTable("intents")
      .set({ ...change.set, ...common })
      .where("id", "=", change.id)
      .execute();
  } else {
    await db
      .updateTable("attempts")
      .set({ ...change.set, ...common })
      .where("hash", "=", change.hash)
      .execute();
  }
}

function sameProblem(a: Finding, b: Finding): boolean {
  return a.where === b.where && a.problem === b.problem;
}
