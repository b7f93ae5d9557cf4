import type { Endpoint } from "./endpoint.js";
import { essenceOf } from "./essence.js";
import { faultOf, type Meaning, type RpcFault } from "./fault.js";
import { guessOf, speaks } from "./guess.js";
import { type MethodRule, ruleOf } from "./method-rule.js";
import { NodesDisagreeError } from "./nodes-disagree-error.js";
import type { RpcAnswer, RpcRequest } from "./request.js";
import { RpcError } from "./rpc-error.js";

/** Which fault says most, where nodes give several. */
const TELLING: readonly Meaning[] = [
  "nonceTooLow",
  "underpricedReplacement",
  "insufficientFunds",
  "feeTooLow",
  "gasLimit",
  "invalid",
  "nonceTooHigh",
  "poolFull",
  "revert",
  "staleBlock",
  "rangeTooLarge",
  "unsupported",
  "batchTooLarge",
  "unauthorized",
  "rateLimited",
  "unknown",
  "garbage",
  "wrongChain",
  "unavailable",
];

/** One of several faults: the one that says most. */
export function mostTelling(faults: readonly RpcFault[]): RpcFault {
  const ranked = [...faults].sort((one, other) => TELLING.indexOf(one.meaning) - TELLING.indexOf(other.meaning));
  return ranked[0] ?? faultOf("unavailable", "There is no endpoint to ask.");
}

/** One question, and what several nodes say to it. */
export class Poll {
  readonly rule: MethodRule;
  readonly votes = new Map<Endpoint, RpcAnswer>();
  request: RpcRequest;
  /** True once there is nobody left to ask. */
  askedAll = false;
  readonly #quorum: number;

  constructor(request: RpcRequest, quorum: number) {
    this.request = request;
    this.rule = ruleOf(request);
    this.#quorum = quorum;
  }

  /** The answer, once enough nodes gave it; null before. */
  get outcome(): RpcAnswer | null {
    const votes = [...this.votes.values()];
    if (this.rule === "agree" || this.rule === "head") {
      for (const vote of votes.filter(speaks)) {
        const like = votes.filter((other) => this.#same(vote, other));
        if (like.length >= this.#quorum) return like.find(saysMore) ?? vote;
      }
      return null;
    }
    if (this.rule === "median" || this.rule === "reached" || this.rule === "smallest") {
      return guessOf(this.rule, votes, this.#quorum, this.askedAll);
    }
    return votes.find(speaks) ?? null;
  }

  /** True where a node answered, and another one differs, or may be late. */
  get mayBeLag(): boolean {
    return [...this.votes.values()].some((vote) => speaks(vote) || (!vote.ok && vote.fault.meaning === "staleBlock"));
  }

  /** Those that were outvoted. */
  dissenters(outcome: RpcAnswer): readonly Endpoint[] {
    if (this.rule !== "agree") return [];
    return [...this.votes].filter(([, vote]) => speaks(vote) && !this.#same(vote, outcome)).map(([node]) => node);
  }

  /** Why there is no answer. */
  get error(): Error {
    const spoke = [...this.votes].filter(([, vote]) => speaks(vote)).map(([node]) => node);
    if (spoke.length > 1) {
      for (const node of spoke) node.disagreed();
      return new NodesDisagreeError(
        this.request.method,
        spoke.map(({ name }) => name),
      );
    }
    const refused = [...this.votes].flatMap(([node, vote]) => (vote.ok ? [] : [{ node, fault: vote.fault }]));
    const fault = mostTelling(refused.map(({ fault }) => fault));
    return new RpcError(
      fault,
      refused.filter(({ fault: { meaning } }) => meaning === fault.meaning).map(({ node }) => node.name),
    );
  }

  #same(one: RpcAnswer, other: RpcAnswer): boolean {
    if (one.ok && other.ok) return essenceOf(this.request, one.result) === essenceOf(this.request, other.result);
    if (one.ok || other.ok || one.fault.meaning !== other.fault.meaning) return false;
    // Some nodes do not tell what a contract reverted with.
    return one.fault.data === null || other.fault.data === null || one.fault.data === other.fault.data;
  }
}

/** Among answers that mean the same, one with content. */
function saysMore(answer: RpcAnswer): boolean {
  return answer.ok ? answer.result !== null : answer.fault.data !== null;
}
