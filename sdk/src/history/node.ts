import { isHexString, type Provider } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { isRaw } from "../read/ethCall.js";
import { type Refusal, refusalOf } from "./nodeErrors.js";
import { answers, each, type LogQuery, type RawLog, readLog } from "./rawLog.js";

/** What a history needs of a block. */
export interface Header {
  readonly number: number;
  readonly hash: string;
  /** Unix seconds. */
  readonly timestamp: number;
  /** Hex, 256 bytes; null where the node gives none. */
  readonly bloom: string | null;
}

/** How often a request is made, and how long after a failure it is made again: twice as long each time. */
export interface RetryOptions {
  /** 6 by default. */
  attempts?: number;
  /** Milliseconds before the second attempt, 250 by default. */
  delayMs?: number;
}

/** A node would give fewer blocks. */
export class RangeRefused extends Error {
  readonly refusal: Extract<Refusal, { kind: "range" }>;
  constructor(refusal: Extract<Refusal, { kind: "range" }>, cause: unknown) {
    super("range refused", { cause });
    this.refusal = refusal;
  }
}

/** What was read does not fit together: blocks were replaced meanwhile, or the node is behind another that answered before. */
export class ChainMoved extends Error {}

/** What a node refuses for good, by its own word. */
class RequestRefused extends CrosshedgeError {
  constructor(method: string, cause: unknown) {
    super("READ_FAILED", `The node refuses ${method}.`, { cause });
  }
}

type RefusalKind = Refusal["kind"];
/** What a node means that cannot answer, and will not. */
const FOR_GOOD: readonly RefusalKind[] = ["range", "noState", "other"];
/** The same where the latest state is asked, which every node has. */
const FOR_GOOD_NOW: readonly RefusalKind[] = ["other"];

const aborted = (): CrosshedgeError =>
  new CrosshedgeError("ABORTED", "The history was no longer wanted.", {
    nextStep: "Go on from the error's `cursor` when it is wanted again.",
  });

const HEADERS_AT_ONCE = 100;
const MOST_DELAY_MS = 20_000;

export const hexOf = (block: number): string => `0x${block.toString(16)}`;

/** One node's answers, asked again where it fails, and checked for what they are. */
export class HistoryNode {
  readonly #send: (method: string, params: unknown[]) => Promise<unknown>;
  readonly #attempts: number;
  readonly #delayMs: number;
  readonly #signal: AbortSignal | undefined;
  /** Requests so far, those that failed included. */
  requests = 0;

  constructor(provider: Provider, { attempts = 6, delayMs = 250 }: RetryOptions = {}, signal?: AbortSignal) {
    if (!isRaw(provider)) {
      throw new CrosshedgeError("UNSUPPORTED", "This provider passes no requests on to its node.", {
        nextStep: "Read histories with a JsonRpcProvider or a BrowserProvider.",
      });
    }
    this.#send = (method, params) => provider.send(method, params);
    this.#attempts = Math.max(1, attempts);
    this.#delayMs = delayMs;
    this.#signal = signal;
  }

  /** Throws where the reader has had enough. */
  checkAborted(): void {
    if (this.#signal?.aborted) throw aborted();
  }

  /** The block of a number or tag; null where the node does not have it. */
  async header(block: number | string): Promise<Header | null> {
    const tag = typeof block === "number" ? hexOf(block) : block;
    return this.#ask("eth_getBlockByNumber", [tag, false], (answer) => headerOf(answer, block));
  }

  /** The same for many, in order. */
  async headers(blocks: readonly number[]): Promise<(Header | null)[]> {
    const found: (Header | null)[] = [];
    for (let at = 0; at < blocks.length; at += HEADERS_AT_ONCE) {
      found.push(...(await Promise.all(blocks.slice(at, at + HEADERS_AT_ONCE).map((block) => this.header(block)))));
    }
    return found;
  }

  /** The block of a tag that not every node knows; null where it does not. */
  async tagged(tag: "safe" | "finalized"): Promise<Header | null> {
    try {
      return await this.#ask("eth_getBlockByNumber", [tag, false], (answer) => headerOf(answer, tag), FOR_GOOD);
    } catch (caught) {
      if (CrosshedgeError.is(caught, "NETWORK") || CrosshedgeError.is(caught, "ABORTED")) throw caught;
      return null;
    }
  }

  /**
   * Logs of a range of blocks, or of the block of a hash; each once, and none that was not asked for.
   *
   * @throws {RangeRefused} where fewer blocks may be answered
   * @throws {ChainMoved} where the node does not have the block of the hash
   */
  async logs(query: LogQuery, place: { from: number; to: number } | Header): Promise<RawLog[]> {
    const byHash = "hash" in place;
    const where = byHash ? { blockHash: place.hash } : { fromBlock: hexOf(place.from), toBlock: hexOf(place.to) };
    const topics = query.topics.map((allowed) => (allowed.length > 0 ? [...allowed] : null));
    const filter = { address: [...query.addresses], topics, ...where };
    const inPlace = ({ blockHash, blockNumber }: RawLog) =>
      byHash
        ? blockHash === place.hash && blockNumber === place.number
        : blockNumber >= place.from && blockNumber <= place.to;
    const read = (answer: unknown): RawLog[] => {
      if (!Array.isArray(answer)) throw new TypeError("logs are no list");
      const logs = answer.map(readLog).filter((log) => log !== null);
      return each(logs.filter((log) => answers(query, log) && inPlace(log)));
    };
    return this.#ask("eth_getLogs", [filter], read, byHash ? FOR_GOOD : [], byHash ? 1 : place.to - place.from + 1);
  }

  /** What a call answers at a block; null where the node does not keep the state of that block, or nothing answers. */
  async call(to: string, data: string, block: number): Promise<string | null> {
    try {
      const answer = await this.#ask("eth_call", [{ to, data }, hexOf(block)], bytesOf, FOR_GOOD);
      return answer === "0x" ? null : answer;
    } catch (caught) {
      if (CrosshedgeError.is(caught, "NETWORK") || CrosshedgeError.is(caught, "ABORTED")) throw caught;
      return null;
    }
  }

  /** What a call answers now; null only where nothing answers it. */
  async callNow(to: string, data: string): Promise<string | null> {
    try {
      const answer = await this.#ask("eth_call", [{ to, data }, "latest"], bytesOf, FOR_GOOD_NOW);
      return answer === "0x" ? null : answer;
    } catch (caught) {
      if (caught instanceof RequestRefused) return null;
      throw caught;
    }
  }

  /** Whether there is code at an address; null where the node does not keep the state of that block. */
  async hasCode(address: string, block: number): Promise<boolean | null> {
    try {
      return (await this.#ask("eth_getCode", [address, hexOf(block)], bytesOf, FOR_GOOD)) !== "0x";
    } catch (caught) {
      if (CrosshedgeError.is(caught, "NETWORK") || CrosshedgeError.is(caught, "ABORTED")) throw caught;
      return null;
    }
  }

  /** Wait before something is asked again, longer each time. */
  async pause(attempt: number): Promise<void> {
    this.checkAborted();
    const milliseconds = Math.min(MOST_DELAY_MS, this.#delayMs * 2 ** attempt);
    if (milliseconds <= 0) return;
    await this.#orAborted(
      new Promise<void>((resolve) => {
        setTimeout(resolve, milliseconds);
      }),
    );
    this.checkAborted();
  }

  /** @param definite Which refusals are an answer, and not asked again */
  async #ask<T>(
    method: string,
    params: unknown[],
    read: (answer: unknown) => T,
    definite: readonly RefusalKind[] = [],
    blocks = 1,
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      this.checkAborted();
      try {
        this.requests += 1;
        return read(await this.#orAborted(this.#send(method, params)));
      } catch (caught) {
        if (CrosshedgeError.is(caught, "ABORTED")) throw caught;
        const refusal = refusalOf(caught);
        if (refusal.kind === "range" && blocks > 1) throw new RangeRefused(refusal, caught);
        const unread = caught instanceof TypeError && !BUSY_TYPE_ERROR.test(caught.message);
        const passing = refusal.kind === "busy" || unread;
        if (definite.includes(refusal.kind) && !unread) throw new RequestRefused(method, caught);
        if (attempt >= this.#attempts) {
          // What a node says in words that nobody has seen may mean that the range is too large.
          if (blocks > 1 && !passing) {
            throw new RangeRefused({ kind: "range", blocks: null, lasting: false }, caught);
          }
          throw gaveUp(method, attempt, caught, unread);
        }
        if (blocks > 1 && refusal.kind === "other" && !unread && attempt >= 2) {
          throw new RangeRefused({ kind: "range", blocks: null, lasting: false }, caught);
        }
        await this.pause(attempt - 1);
      }
    }
  }

  async #orAborted<T>(promise: Promise<T>): Promise<T> {
    const signal = this.#signal;
    if (signal === undefined) return promise;
    let stop: () => void = () => undefined;
    const ended = new Promise<never>((_, reject) => {
      stop = () => reject(aborted());
      signal.addEventListener("abort", stop, { once: true });
    });
    try {
      return await Promise.race([promise, ended]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }
}

/** `fetch` says so of a connection that failed. */
const BUSY_TYPE_ERROR = /fetch|network/i;

function gaveUp(method: string, attempts: number, cause: unknown, unread: boolean): CrosshedgeError {
  const said = `The node failed ${attempts} times at ${method}`;
  if (unread) return new CrosshedgeError("READ_FAILED", `${said}: its answer cannot be read.`, { cause });
  return new CrosshedgeError("NETWORK", `${said}.`, {
    cause,
    nextStep: "Go on from the error's `cursor` when the node answers again, or with another node.",
  });
}

function bytesOf(answer: unknown): string {
  if (!isHexString(answer)) throw new TypeError("no bytes");
  return answer;
}

function headerOf(answer: unknown, asked: number | string): Header | null {
  if (answer === null || answer === undefined) return null;
  const { number, hash, timestamp, logsBloom } = answer as Record<string, unknown>;
  if (!isHexString(hash, 32) || !isHexString(number) || !isHexString(timestamp)) throw new TypeError("not a block");
  if (typeof asked === "number" && Number(number) !== asked) throw new TypeError("another block");
  const bloom = isHexString(logsBloom, 256) ? (logsBloom as string).toLowerCase() : null;
  return { number: Number(number), hash: hash.toLowerCase(), timestamp: Number(timestamp), bloom };
}
