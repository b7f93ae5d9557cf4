import type { Intent, NewIntent } from "../store/journal.js";
import type { LaneContext } from "./context.js";

/** Between a key and the number of a later try. */
const TRY = "#";

/** Whether one is another try of the other. */
export function isSameThing(one: Pick<Intent, "vault" | "key">, other: Pick<Intent, "vault" | "key">): boolean {
  const first = ({ key }: Pick<Intent, "key">): string | undefined => key.split(TRY)[0];
  return one.vault === other.vault && first(one) === first(other);
}

/**
 * Write an intent down. One of the same key that was refused by the chain or cancelled leaves room for another try, under its key with a
 * number: the chain's own epoch, not the journal, keeps both from counting.
 *
 * @returns Free: to be signed now; else the one that has landed already
 */
export async function openUnder(
  { journal, chainId, signer }: LaneContext,
  intent: Omit<NewIntent, "signer" | "chain_id">,
): Promise<{ readonly intent: Intent; readonly free: boolean }> {
  for (let attempt = 1; ; attempt++) {
    const key = keyOfTry(intent.key, attempt);
    const opened = await journal.openIntent({ ...intent, key, chain_id: chainId, signer });
    // What is signed is what was decided, whatever the database says now.
    const { target, data } = intent;
    if (opened.created) return { intent: { ...opened.intent, target, data }, free: true };
    if (hasSucceeded(opened.intent)) return { intent: opened.intent, free: false };
  }
}

/** The last try of a key, and how many there are; void ones do not count. */
export async function lastTry(
  { journal, chainId }: LaneContext,
  { vault, key }: Pick<Intent, "vault" | "key">,
): Promise<{ readonly last: Intent | null; readonly tries: number }> {
  let last: Intent | null = null;
  for (let attempt = 1; ; attempt++) {
    const next = await journal.intentOfKey({ chainId, vault }, keyOfTry(key, attempt));
    if (next === null) return { last, tries: attempt - 1 };
    last = next;
  }
}

const keyOfTry = (key: string, attempt: number): string => (attempt === 1 ? key : `${key}${TRY}${attempt}`);

const hasSucceeded = ({ status, succeeded }: Intent): boolean =>
  status === "landed" || (status === "final" && succeeded === true);
