import { type Address, parseAddress } from "./address.js";
import type { EndpointOptions } from "./endpoint-options.js";
import { EndpointPolicy, endpointFaultIn, PATIENCE_MS } from "./endpoint-policy.js";
import { type EndpointHealth, type EndpointState, emptyStats } from "./endpoint-stats.js";
import { faultOf, type Meaning, type RpcFault } from "./fault.js";
import { HeadClamp } from "./head-clamp.js";
import { post } from "./post.js";
import { readAnswers } from "./read-answers.js";
import { type RpcAnswer, type RpcRequest, refusal } from "./request.js";
import { RpcError } from "./rpc-error.js";

const CHAIN_ID: RpcRequest = { method: "eth_chainId", params: [] };
/** Nobody is left alone for longer, whatever he asks. */
const LONGEST_REST_MS = 300_000;
const SUSPECT_MS = 300_000;
/** Blocks. */
const FAR_BEHIND = 5;

/** One node behind one address: batches by POST, with limits, checks, retries of reads, and a breaker that no application error opens. */
export class Endpoint {
  readonly index: number;
  readonly name: string;
  readonly #address: Address;
  readonly #options: EndpointOptions;
  readonly #policy: EndpointPolicy;
  readonly #clamp: HeadClamp;
  readonly #closed = new AbortController();
  readonly #stats = emptyStats();
  #nextId = 1;
  #maxBatch = 1_000;
  #chainId: number | null = null;
  #verified = false;
  #excluded = false;
  #restUntil = 0;
  #suspectUntil = 0;
  #lastFault: RpcFault | null = null;

  constructor(index: number, url: string, options: EndpointOptions) {
    this.index = index;
    this.#address = parseAddress(url);
    this.name = `rpc[${index}] ${this.#address.host}`;
    this.#options = options;
    this.#clamp = new HeadClamp(options);
    this.#policy = new EndpointPolicy(options, {
      onBreak: () => {
        this.#verified = false;
        this.#clamp.forget();
      },
      onRetry: () => {
        this.#stats.retries++;
      },
    });
  }

  /**
   * From now on only answers of this chain count; the endpoint is asked in its next batch, and again whenever it was away.
   *
   * @param told The chain that it said it was on; null where it did not answer
   */
  expectChain(chainId: number, told: number | null): void {
    this.#chainId = chainId;
    this.#verified = told === chainId;
    this.#excluded = told !== null && told !== chainId;
  }

  get state(): EndpointState {
    if (this.#excluded) return "excluded";
    if (this.#policy.open) return "open";
    if (this.#options.now() < this.#restUntil) return "resting";
    return this.#verified ? "healthy" : "unverified";
  }

  get usable(): boolean {
    return this.state === "healthy" || this.state === "unverified";
  }

  get health(): EndpointHealth {
    const { index, name, state } = this;
    return { index, name, state, head: this.#clamp.latest, lastFault: this.#lastFault, stats: this.#stats };
  }

  /** It said something else than others. */
  disagreed(): void {
    this.#stats.disagreements++;
  }

  /** Most others said something else: it is asked last for a while. */
  outvoted(): void {
    this.disagreed();
    this.#suspectUntil = this.#options.now() + SUSPECT_MS;
  }

  /** True while others are to be asked first: it was outvoted, or its head was far below `best`. */
  suspect(best: number): boolean {
    return this.#options.now() < this.#suspectUntil || (this.#clamp.latest ?? best) < best - FAR_BEHIND;
  }

  /** Ask all of it in one POST; a fault of the whole is the answer to each. @param repeatable Whether asking twice does no harm */
  async ask(requests: readonly RpcRequest[], repeatable: boolean): Promise<readonly RpcAnswer[]> {
    if (requests.length > this.#maxBatch) return this.#askInParts(requests, repeatable);
    const refused = this.#refusal();
    if (refused !== null) return requests.map(() => refusal(refused));
    try {
      return await this.#policy.run(() => this.#attempt(requests), repeatable);
    } catch (error) {
      const fault = this.#faultOf(error);
      if (fault.meaning === "batchTooLarge" && requests.length > 1) {
        this.#maxBatch = Math.ceil(requests.length / 2);
        return this.#askInParts(requests, repeatable);
      }
      return requests.map(() => refusal(fault));
    }
  }

  /** End what is under way. */
  close(): void {
    this.#closed.abort();
  }

  async #askInParts(requests: readonly RpcRequest[], repeatable: boolean): Promise<readonly RpcAnswer[]> {
    const answers: RpcAnswer[] = [];
    for (let from = 0; from < requests.length; from += this.#maxBatch)
      answers.push(...(await this.ask(requests.slice(from, from + this.#maxBatch), repeatable)));
    return answers;
  }

  #refusal(): RpcFault | null {
    if (this.#excluded) return faultOf("wrongChain", `It is not on chain ${this.#chainId}.`);
    if (this.state === "resting") return faultOf("rateLimited", "It asked to be left alone for a while.");
    return null;
  }

  #faultOf(error: unknown): RpcFault {
    if (error instanceof RpcError) return error.fault;
    if (!EndpointPolicy.leavesAlone(error)) throw error;
    const { meaning = "unavailable", message = "" } = this.#lastFault ?? {};
    return faultOf("unavailable", `It is left alone after several faults, the last: ${meaning}. ${message}`.trim());
  }

  async #attempt(asked: readonly RpcRequest[]): Promise<readonly RpcAnswer[]> {
    const checksChain = this.#chainId !== null && !this.#verified;
    const requests = checksChain ? [CHAIN_ID, ...asked] : asked;
    const firstId = this.#nextId;
    this.#nextId += requests.length;
    this.#stats.posts++;
    this.#stats.requests += requests.length;
    const startedAt = performance.now();
    let answers: readonly RpcAnswer[] = [];
    let failure: RpcFault | undefined;
    try {
      const rows = requests.map(({ method, params }, index) => ({
        jsonrpc: "2.0",
        id: firstId + index,
        method,
        params,
      }));
      const body = await post(this.#address, rows.length === 1 ? rows[0] : rows, this.#options, this.#closed.signal);
      answers = readAnswers(body, requests, firstId, this.#address).map((answer, index) =>
        this.#clamped(requests[index] as RpcRequest, answer),
      );
      if (checksChain) {
        this.#checkChain(answers[0] as RpcAnswer);
        answers = answers.slice(1);
      }
      failure = endpointFaultIn(answers);
      return answers;
    } catch (error) {
      failure = (error as RpcError).fault;
      throw error;
    } finally {
      this.#note(asked, answers, failure, performance.now() - startedAt);
    }
  }

  #clamped(request: RpcRequest, answer: RpcAnswer): RpcAnswer {
    const wrong = answer.ok ? this.#clamp.fault(request, answer.result) : null;
    return wrong === null ? answer : refusal(faultOf("garbage", `The node cannot be right: ${wrong}.`));
  }

  #checkChain(answer: RpcAnswer): void {
    if (!answer.ok) throw new RpcError(answer.fault);
    if (Number(answer.result) !== this.#chainId) {
      this.#excluded = true;
      throw new RpcError(faultOf("wrongChain", `It is on chain ${Number(answer.result)}, not on ${this.#chainId}.`));
    }
    this.#verified = true;
  }

  #note(
    asked: readonly RpcRequest[],
    answers: readonly RpcAnswer[],
    failure: RpcFault | undefined,
    time: number,
  ): void {
    const { faults } = this.#stats;
    const count = (meaning: Meaning): void => {
      faults[meaning] = (faults[meaning] ?? 0) + 1;
    };
    const told = answers.flatMap((answer) => (answer.ok ? [] : [answer.fault]));
    for (const { meaning } of told) count(meaning);
    if (failure !== undefined && !told.includes(failure)) count(failure.meaning);
    if (failure !== undefined) this.#lastFault = failure;
    if (failure?.meaning === "rateLimited" && (failure.retryAfterMs ?? 0) > PATIENCE_MS)
      this.#restUntil = this.#options.now() + Math.min(failure.retryAfterMs ?? 0, LONGEST_REST_MS);
    this.#stats.milliseconds += time;
    this.#options.onPost({
      endpoint: this.index,
      name: this.name,
      methods: asked.map(({ method }) => method),
      meaning: failure?.meaning ?? told[0]?.meaning ?? "ok",
      milliseconds: time,
    });
  }
}
