import { checkAddress } from "../address.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { CrosshedgeVault } from "../vault.js";
import { checkCursor, type HistoryCursor } from "./cursor.js";
import { eventNames } from "./decode.js";
import type { VaultEventName } from "./events.js";
import { HistoryInterrupted } from "./interrupted.js";
import { ChainMoved, HistoryNode, RangeRefused } from "./node.js";
import type { HistoryOptions, HistoryPage } from "./options.js";
import { readRange } from "./readRange.js";
import { findFork, rewind } from "./reorg.js";
import { AdaptiveSpan } from "./span.js";
import { firstBlock, firstCursor } from "./start.js";

const MAX_RANGE = 100_000;
/** Each block's header is read. */
const MAX_RANGE_OF_HEADERS = 2_000;
const REORG_DEPTH = 64;

/**
 * A vault's history, page by page: its own events, those of its Rebalancers and legs while they are its own, and those that its legs raise at
 * their pools, typed, in the order of the chain, each once.
 *
 * Ranges grow while a node answers quickly and shrink where it refuses. What reorgs replace is told as taken back, during a read and in the
 * next one with the cursor. A range counts only if the blocks around it were the same before and after, and if nothing is missing in it (see
 * {@link HistoryOptions.completeness}). A page that was not finished is not given: nothing is lost, nothing is given twice.
 *
 * @throws {CrosshedgeError} As {@link HistoryInterrupted}, with the cursor to go on from: NETWORK, READ_FAILED, ABORTED, BAD_ARGUMENT, UNSUPPORTED
 *
 * @example
 * for await (const page of readHistory(vault, { cursor })) {
 *   for (const event of page.reorg?.removed ?? []) forget(event);
 *   for (const event of page.events) remember(event);
 *   cursor = page.cursor;
 * }
 */
export async function* readHistory(
  vault: Pick<CrosshedgeVault, "connection">,
  options: HistoryOptions = {},
): AsyncGenerator<HistoryPage, void, undefined> {
  let cursor = options.cursor ?? null;
  try {
    const node = new HistoryNode(vault.connection.provider, options.retry, options.signal);
    for await (const page of pages(vault, node, options)) {
      cursor = page.cursor;
      yield page;
    }
  } catch (caught) {
    throw new HistoryInterrupted(caught, cursor);
  }
}

async function* pages(
  { connection }: Pick<CrosshedgeVault, "connection">,
  node: HistoryNode,
  options: HistoryOptions,
): AsyncGenerator<HistoryPage, void, undefined> {
  const { completeness = "counters", reorgDepth = REORG_DEPTH } = options;
  const address = checkAddress(connection.address, "vault.connection.address");
  const names = checkNames(options.names);
  const subject = { vault: address, names: new Set(names ?? eventNames()), pools: new Map<string, string | null>() };
  const about = { chainId: String((await connection.provider.getNetwork()).chainId), vault: address, names };
  const most = completeness === "headers" ? MAX_RANGE_OF_HEADERS : MAX_RANGE;
  const span = new AdaptiveSpan(Math.max(1, Math.min(most, options.maxRange ?? most)));
  const wanted = { ...about, from: options.from };
  let cursor: HistoryCursor | null = options.cursor === undefined ? null : checkCursor(options.cursor, wanted);
  let stop: Stop | null = null;
  let moves = 0;
  let events = 0;

  for (;;) {
    try {
      node.checkAborted();
      if (stop === null) {
        stop = await readStop(node, options, reorgDepth);
        checkFrom(options, stop.head + reorgDepth);
        cursor ??= await firstCursor(node, about, options.from ?? (await firstBlock(node, address)));
        const fork = await findFork(node, cursor, stop.head);
        if (fork !== null) {
          const back: ReturnType<typeof rewind> = rewind(cursor, fork);
          cursor = back.cursor;
          yield { from: cursor.next, to: fork, events: [], reorg: { to: fork, removed: back.removed }, cursor };
        }
      }
      if (cursor === null || cursor.next > stop.last) return;
      const to = lastOfPage(cursor.next, stop, span.blocks);
      const asked = to - cursor.next + 1;
      const began = Date.now();
      try {
        const range = { from: cursor.next, to, final: to <= stop.final, completeness, recent: stop.head - reorgDepth };
        const read = await readRange(node, subject, cursor, range, stop.final);
        span.answered(asked, read.events.length, Date.now() - began);
        events += read.events.length;
        cursor = read.cursor;
        moves = 0;
        const done = { from: cursor.from, to: stop.last, next: cursor.next, events, requests: node.requests };
        options.onProgress?.({ ...done, fraction: (done.next - done.from) / (done.to - done.from + 1) });
        yield { from: range.from, to, events: read.events, reorg: null, cursor };
      } catch (caught) {
        if (!(caught instanceof RangeRefused)) throw caught;
        if (!span.refused(asked, caught.refusal)) throw caught.cause;
      }
    } catch (caught) {
      if (!(caught instanceof ChainMoved)) throw caught;
      moves += 1;
      if (moves > MOST_MOVES) {
        throw new CrosshedgeError("NETWORK", "The node's blocks changed whenever they were read, or it lacks them.", {
          nextStep: "Go on from the error's `cursor` later, or with another node.",
        });
      }
      await node.pause(moves - 1);
      stop = null;
    }
  }
}

/** A node may be a few blocks behind the one that named the block; no more. */
function checkFrom({ from = 0 }: HistoryOptions, most: number): void {
  if (Number.isSafeInteger(from) && from >= 0 && from <= most) return;
  throw new CrosshedgeError(
    "BAD_ARGUMENT",
    `\`from\` must be a block's number, none beyond the chain's head: ${from}.`,
  );
}

/** How often in a row what was read may not fit together. */
const MOST_MOVES = 10;

/** How far to read. */
interface Stop {
  readonly head: number;
  /** Last block that is wanted. */
  readonly last: number;
  /** Last block that is never replaced. */
  readonly final: number;
}

async function readStop(
  node: HistoryNode,
  { to, finality = "latest" }: HistoryOptions,
  reorgDepth: number,
): Promise<Stop> {
  const tag = finality === "safe" ? "safe" : "finalized";
  const [head, tagged] = await Promise.all([node.header("latest"), node.tagged(tag)]);
  if (head === null) throw new ChainMoved("no head");
  const named = finality === "safe" || finality === "finalized";
  if (named && tagged === null) {
    throw new CrosshedgeError("UNSUPPORTED", `The node does not say which block is ${finality}.`, {
      nextStep: "Give `finality` as a number of blocks below the head.",
    });
  }
  const depth = typeof finality === "number" ? finality : 0;
  const last = named ? (tagged?.number ?? 0) : head.number - depth;
  const final = Math.min(
    head.number - reorgDepth,
    finality === "safe" ? Number.POSITIVE_INFINITY : (tagged?.number ?? Number.POSITIVE_INFINITY),
  );
  return { head: head.number, last: Math.min(last, to ?? last), final };
}

/** A page does not mix what can be replaced with what cannot. */
function lastOfPage(next: number, { last, final }: Stop, blocks: number): number {
  const to = Math.min(last, next + blocks - 1);
  return next <= final ? Math.min(to, final) : to;
}

function checkNames(names: readonly VaultEventName[] | undefined): readonly VaultEventName[] | null {
  if (names === undefined) return null;
  const all = eventNames();
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0 || names.length === 0) {
    throw new CrosshedgeError(
      "BAD_ARGUMENT",
      `\`names\` has no event of a vault: ${unknown.join(", ") || "it is empty"}.`,
    );
  }
  return [...new Set(names)].sort();
}
