import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { countOn } from "./counts.js";
import type { HistoryCursor } from "./cursor.js";
import type { VaultEvent } from "./events.js";
import { FIRST_TOPIC } from "./followed.js";
import { type Completeness, fillByBlooms, fillByCounters } from "./gaps.js";
import { ChainMoved, type HistoryNode } from "./node.js";
import { eventOf, type FoundLog, RangeReader, type Subject } from "./rangeReader.js";

/** What of a chain is read at once. */
export interface Range {
  readonly from: number;
  readonly to: number;
  /** Whether none of its blocks can be replaced. */
  readonly final: boolean;
  readonly completeness: Completeness;
  /** Last block that an index of logs must have by now. */
  readonly recent: number;
}

/**
 * The events of one range, all of them, and the cursor after them.
 *
 * @throws {RangeRefused} where the node would give fewer blocks
 * @throws {ChainMoved} where the chain was not the same before and after, or is not the one that the cursor knows
 */
export async function readRange(
  node: HistoryNode,
  subject: Subject,
  cursor: HistoryCursor,
  range: Range,
  final: number,
): Promise<{ events: VaultEvent[]; cursor: HistoryCursor }> {
  const { from, to, completeness } = range;
  const reader = new RangeReader(node, subject, cursor.followed, from, to);
  // A node that does not have the last block answers without its logs, and does not say so.
  const before = range.final ? null : await node.header(to);
  const [end] = await Promise.all([range.final ? node.header(to) : before, reader.read()]);
  if (end === null) throw new ChainMoved("the node is behind");
  await reader.settle();
  const first = completeness === "headers" ? from : Math.max(from, range.recent + 1);
  if (completeness !== "none" && first <= to) {
    await fillByBlooms(node, reader, first, to, completeness === "headers");
    await reader.settle();
  }
  const checkSame = async (): Promise<void> => {
    if (range.final) return;
    const edges = cursor.checkpoints.slice(-1).filter(({ number }) => number === from - 1);
    const [now, ...same] = await node.headers([to, ...edges.map(({ number }) => number)]);
    const kept = edges.every(({ hash }, k) => same[k]?.hash === hash);
    if (now?.hash !== end.hash || !kept) throw new ChainMoved("blocks were replaced meanwhile");
  };
  const counts =
    completeness === "none"
      ? countOn(cursor.counts, subject.vault, reader.events())
      : await fillByCounters(node, subject, reader, cursor.counts).catch(async (caught: unknown) => {
          // Counts of blocks that were replaced do not add up, and nothing is missing.
          if (CrosshedgeError.is(caught, "READ_FAILED")) await checkSame();
          throw caught;
        });
  await checkSame();
  checkBeginning(cursor, reader);
  const found = reader.found();
  const events = found.map(eventOf).filter((event) => event !== null);
  return {
    events,
    cursor: { ...pruned(cursor, found, { number: to, hash: end.hash }, final), followed: reader.followed, counts },
  };
}

/** The cursor with what was told, without what cannot be replaced any more. */
function pruned(
  cursor: HistoryCursor,
  found: readonly FoundLog[],
  end: { number: number; hash: string },
  final: number,
): HistoryCursor {
  const blocks = found.map(({ log }) => ({ number: log.blockNumber, hash: log.blockHash }));
  const all = [...cursor.checkpoints, ...blocks, end];
  const each = all.filter(({ number }, k) => all[k + 1]?.number !== number);
  const firm = each.filter(({ number }) => number <= final).slice(-1);
  return {
    ...cursor,
    next: end.number + 1,
    checkpoints: [...firm, ...each.filter(({ number }) => number > final)],
    unfinal: [...cursor.unfinal, ...found].filter(({ log }) => log.blockNumber > final),
  };
}

/** Where nothing is known of before, the vault's first event must be the first that there is. */
function checkBeginning({ blind, followed, from }: HistoryCursor, { logs }: RangeReader): void {
  if (!blind || followed.length > 0 || logs.length === 0 || logs[0]?.topics[0] === FIRST_TOPIC) return;
  throw new CrosshedgeError("READ_FAILED", `The node does not know what the vault was made of before block ${from}.`, {
    nextStep: "Give `from`, the block in which the vault was made or an earlier one, or use an archive node.",
  });
}
