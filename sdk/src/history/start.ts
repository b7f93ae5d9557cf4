import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decoded } from "../errors/decoded.js";
import type { CrosshedgeVault } from "../vault.js";
import { countsFrom, noCounts, readCounts } from "./counts.js";
import type { HistoryCursor } from "./cursor.js";
import type { VaultEventName } from "./events.js";
import { type Followed, readFollowed, readPool } from "./followed.js";
import { ChainMoved, HistoryNode, type RetryOptions } from "./node.js";

/**
 * The block in which a vault was made, by bisection: about 25 small requests.
 *
 * @throws {CrosshedgeError} READ_FAILED where the node does not keep old states: take the block from the deployment's transaction then
 *
 * @example
 * const from = await historyStart(vault);
 */
export async function historyStart(
  { connection: { provider, address } }: Pick<CrosshedgeVault, "connection">,
  { retry, signal }: { retry?: RetryOptions | undefined; signal?: AbortSignal | undefined } = {},
): Promise<number> {
  return decoded(() => firstBlock(new HistoryNode(provider, retry, signal), address));
}

export async function firstBlock(node: HistoryNode, vault: string): Promise<number> {
  const head = await node.header("latest");
  let [without, having] = [-1, head?.number ?? 0];
  if (!(await node.hasCode(vault, having))) {
    throw new CrosshedgeError("NOT_A_VAULT", `There is no contract at ${vault}.`);
  }
  while (having - without > 1) {
    const middle = Math.floor((without + having) / 2);
    const has = await node.hasCode(vault, middle);
    if (has === null) {
      throw new CrosshedgeError("READ_FAILED", `The node does not keep the state of block ${middle}.`, {
        nextStep: "Give `from`, the block in which the vault was made or an earlier one, or use an archive node.",
      });
    }
    if (has) having = middle;
    else without = middle;
  }
  return having;
}

/** A cursor before the first block of a history: what the vault was made of then. */
export async function firstCursor(
  node: HistoryNode,
  about: { chainId: string; vault: string; names: readonly VaultEventName[] | null },
  from: number,
): Promise<HistoryCursor> {
  const before = from === 0 ? null : await node.header(from - 1);
  if (from > 0 && before === null) throw new ChainMoved("the history begins above the head");
  const checkpoints = before === null ? [] : [{ number: before.number, hash: before.hash }];
  const blank = { version: 1, ...about, from, next: from, checkpoints, unfinal: [], followed: [] } as const;
  const has = from === 0 ? false : await node.hasCode(about.vault, from - 1);
  if (has !== true) return { ...blank, blind: has === null, counts: noCounts(from - 1) };
  const own = await readFollowed(node, about.vault, from - 1);
  const chain = own && (await readCounts(node, about.vault, [own.rebalancer], from - 1));
  if (own === null || chain === null) return { ...blank, blind: true, counts: noCounts(from - 1) };
  const pools = await Promise.all(own.legs.map((leg) => readPool(node, leg)));
  // They were so before the first block, and are again when a reorg takes back all that was told.
  const known = { from: from - 1, to: null };
  const followed: Followed[] = [
    { address: own.rebalancer, kind: "rebalancer", pool: null, ...known },
    ...own.legs.map((address, k) => ({ address, kind: "leg" as const, pool: pools[k] ?? null, ...known })),
  ];
  return { ...blank, followed, blind: false, counts: countsFrom(chain, from - 1) };
}
