import { setTimeout as wait } from "node:timers/promises";
import { keccak256, toQuantity } from "ethers";
import { agreeOnHead } from "./agree-on-head.js";
import type { Endpoint } from "./endpoint.js";
import { faultOf } from "./fault.js";
import type { RawBlock } from "./head.js";
import { pinnedTo, ruleOf } from "./method-rule.js";
import { mostTelling, Poll } from "./poll.js";
import type { RpcAnswer, RpcRequest } from "./request.js";
import { RpcError } from "./rpc-error.js";

const LATEST: RpcRequest = { method: "eth_getBlockByNumber", params: ["latest", false] };

/** What came of a question: an answer, or why there is none. */
export type Reply = RpcAnswer | { readonly ok: false; readonly thrown: Error };

/** A transaction that at least one node has. */
export interface Sent {
  readonly hash: string;
  /** True where the node had it before. */
  readonly alreadyKnown: boolean;
  /** Names of the nodes that had said so by then. */
  readonly takenBy: readonly string[];
}

/** Several nodes of one chain that answer as one. */
export class Nodes {
  readonly endpoints: readonly Endpoint[];
  /** How many must say the same. */
  readonly quorum: number;
  readonly #lagMs: number;

  /** @param lagMs How long a node that is late gets to catch up before the nodes are asked again. */
  constructor(endpoints: readonly Endpoint[], quorum: number, lagMs: number) {
    this.endpoints = endpoints;
    this.quorum = quorum;
    this.#lagMs = lagMs;
  }

  /** Answer a batch: what only reads goes to as many nodes as must agree, in one POST to each. */
  async answer(requests: readonly RpcRequest[]): Promise<readonly Reply[]> {
    const polls: Poll[] = [];
    const replies = requests.map((request) => {
      const rule = ruleOf(request);
      if (rule === "broadcast") return this.#broadcastReply(request);
      if (rule === "once") return this.#once(request);
      const poll = new Poll(rule === "head" && request.method === "eth_blockNumber" ? LATEST : request, this.quorum);
      polls.push(poll);
      return { poll, request };
    });
    await this.#hold(polls);
    return Promise.all(
      replies.map(async (reply) => {
        if (reply instanceof Promise) return reply;
        const said = this.#conclude(reply.poll);
        if (!said.ok || reply.request.method !== "eth_blockNumber") return said;
        return { ok: true as const, result: (said.result as RawBlock).number };
      }),
    );
  }

  /**
   * Send a signed transaction to every node.
   *
   * @returns As soon as one has it
   * @throws {RpcError} none took it: the most telling of their faults. It may be on its way all the same where an answer was lost.
   */
  async broadcast(raw: string): Promise<Sent> {
    const hash = keccak256(raw);
    const request: RpcRequest = { method: "eth_sendRawTransaction", params: [raw] };
    const nodes = this.endpoints.filter(({ state }) => state !== "excluded");
    const refusals = await new Promise<Sent | RpcError>((resolve, reject) => {
      const faults: { name: string; fault: ReturnType<typeof faultOf> }[] = [];
      const settle = ({ name }: Endpoint, answer: RpcAnswer): void => {
        if (answer.ok && String(answer.result).toLowerCase() === hash) {
          resolve({ hash, alreadyKnown: false, takenBy: [name] });
        } else if (!answer.ok && answer.fault.meaning === "alreadyKnown") {
          resolve({ hash, alreadyKnown: true, takenBy: [name] });
        } else {
          faults.push({ name, fault: answer.ok ? faultOf("garbage", "It told another hash.") : answer.fault });
          if (faults.length < nodes.length) return;
          const fault = mostTelling(faults.map((one) => one.fault));
          const from = faults.filter((one) => one.fault.meaning === fault.meaning).map((one) => one.name);
          resolve(new RpcError(fault, from));
        }
      };
      if (nodes.length === 0) resolve(new RpcError(faultOf("wrongChain", "No node is on the chain.")));
      for (const node of nodes)
        void node.ask([request], false).then(([answer]) => settle(node, answer as RpcAnswer), reject);
    });
    if (refusals instanceof RpcError) throw refusals;
    return refusals;
  }

  /** Ask until each has an outcome: first as many nodes as needed, then the others, then all once more after a moment. */
  async #hold(polls: readonly Poll[]): Promise<void> {
    const first = this.#inOrder();
    await this.#ask(first.slice(0, this.quorum), polls);
    const others = first.slice(this.quorum);
    if (others.length > 0) await this.#ask(others, open(polls));
    for (const poll of polls) poll.askedAll = true;
    await this.#settleHeads(open(polls));
    const late = open(polls).filter(({ mayBeLag }) => mayBeLag);
    if (late.length === 0) return;
    await wait(this.#lagMs);
    await this.#pin(late);
    await this.#ask(first, late);
    await this.#settleHeads(open(late));
  }

  /** Whom to ask, the best first; those who are left alone only where there are not enough others. */
  #inOrder(): readonly Endpoint[] {
    const usable = this.endpoints.filter((endpoint) => endpoint.usable);
    if (usable.length < this.quorum) return this.endpoints.filter(({ state }) => state !== "excluded");
    const best = Math.max(...usable.map(({ health }) => health.head ?? 0));
    const last = usable.filter((endpoint) => endpoint.suspect(best));
    return [...usable.filter((endpoint) => !last.includes(endpoint)), ...last];
  }

  /** What is asked of the latest state is asked of one block, so that nodes at different heads can agree. */
  async #pin(polls: readonly Poll[]): Promise<void> {
    const pinnable = polls.filter(({ request }) => pinnedTo(request, "") !== request);
    if (pinnable.length === 0 || this.quorum === 1) return;
    const [head] = await this.answer([LATEST]);
    if (!head?.ok) return;
    const block = toQuantity((head.result as RawBlock).number);
    for (const poll of pinnable) poll.request = pinnedTo(poll.request, block);
  }

  async #settleHeads(polls: readonly Poll[]): Promise<void> {
    await Promise.all(
      polls
        .filter(({ rule }) => rule === "head")
        .map(async (poll) => {
          const block = await agreeOnHead(poll, this.quorum, (nodes, deeper) => this.#ask(nodes, [deeper]));
          if (block === null) return;
          for (const node of poll.votes.keys()) poll.votes.set(node, { ok: true, result: block });
        }),
    );
  }

  async #ask(endpoints: readonly Endpoint[], polls: readonly Poll[]): Promise<void> {
    if (polls.length === 0) return;
    const requests = polls.map(({ request }) => request);
    await Promise.all(
      endpoints.map(async (endpoint) => {
        const answers = await endpoint.ask(requests, true);
        for (const [index, poll] of polls.entries()) poll.votes.set(endpoint, answers[index] as RpcAnswer);
      }),
    );
  }

  #conclude(poll: Poll): Reply {
    const { outcome } = poll;
    if (outcome === null) return { ok: false, thrown: poll.error };
    for (const node of poll.dissenters(outcome)) node.outvoted();
    return outcome;
  }

  async #once(request: RpcRequest): Promise<Reply> {
    const node =
      this.endpoints.find(({ usable }) => usable) ?? this.endpoints.find(({ state }) => state !== "excluded");
    if (node === undefined)
      return { ok: false, thrown: new RpcError(faultOf("wrongChain", "No node is on the chain.")) };
    const [answer] = await node.ask([request], false);
    return answer as RpcAnswer;
  }

  async #broadcastReply({ params: [raw] }: RpcRequest): Promise<Reply> {
    try {
      return { ok: true, result: (await this.broadcast(String(raw))).hash };
    } catch (error) {
      return { ok: false, thrown: error as Error };
    }
  }
}

function open(polls: readonly Poll[]): readonly Poll[] {
  return polls.filter(({ outcome }) => outcome === null);
}
