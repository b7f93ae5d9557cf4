import type { Attempt, Intent } from "../journal.js";
import type { Session } from "../session.js";
import { checkAttempt } from "./check-attempt.js";
import { checkIntent } from "./check-intent.js";
import { checkReceipt } from "./check-receipt.js";
import { checkTick } from "./check-tick.js";
import type { Finding, ReceiptOf } from "./finding.js";

/** Rows read at a time. */
const PAGE = 200;

/**
 * Look through the whole journal for what cannot be so. Changes nothing.
 *
 * @param receiptOf The chain's word on each transaction; without it the journal is only compared with itself
 */
export async function verifyJournal(session: Session, receiptOf?: ReceiptOf): Promise<Finding[]> {
  const findings: Finding[] = [];
  const ticks = paged((after) =>
    session.run((db) => db.selectFrom("ticks").selectAll().where("id", ">", after).orderBy("id").limit(PAGE).execute()),
  );
  const intents = paged((after) =>
    session.run((db) =>
      db.selectFrom("intents").selectAll().where("id", ">", after).orderBy("id").limit(PAGE).execute(),
    ),
  );
  for await (const tick of ticks) findings.push(...checkTick(tick));
  for await (const intent of intents) {
    const { attempts, others } = await around(session, intent);
    for (const attempt of attempts) {
      findings.push(...checkAttempt(attempt, intent));
      if (receiptOf === undefined) continue;
      findings.push(...checkReceipt(attempt, intent, await receiptOf(attempt.chain_id, attempt.hash)));
    }
    findings.push(...checkIntent(intent, attempts, others));
  }
  return findings;
}

/** All rows, page by page, so that a long journal fits into memory. */
async function* paged<Row extends { readonly id: number }>(read: (after: number) => Promise<Row[]>) {
  for (let after = 0; ; ) {
    const page = await read(after);
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)!.id;
  }
}

/** Its transactions, and the other intents that have its nonce or its key. */
async function around({ run }: Session, intent: Intent): Promise<{ attempts: Attempt[]; others: Intent[] }> {
  return run(async (db) => ({
    attempts: await db
      .selectFrom("attempts")
      .selectAll()
      .where("intent_id", "=", intent.id)
      .orderBy("sequence")
      .execute(),
    others: await db
      .selectFrom("intents")
      .selectAll()
      .where("chain_id", "=", intent.chain_id)
      .where("id", "<>", intent.id)
      .where("status", "<>", "void")
      .where((eb) =>
        eb.or([
          eb.and([eb("vault", "=", intent.vault), eb("key", "=", intent.key)]),
          eb.and([eb("signer", "=", intent.signer), eb("nonce", "=", intent.nonce)]),
        ]),
      )
      .execute(),
  }));
}
