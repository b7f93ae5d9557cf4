import { Wallet } from "ethers";
import { STEPS, type Step } from "../../../keeper/src/lane/lane.js";
import type { Random } from "../../../keeper/src/model/random.js";
import { keyOf } from "../../keeper/faults/support/chain.js";
import {
  countOff,
  frozenHead,
  inventedReceipt,
  noReceipt,
  ownFork,
  says,
  swallow,
} from "../../keeper/faults/support/content-faults.js";
import { type Rule, transport } from "../../keeper/faults/support/rpc-proxy.js";
import type { Scene } from "../../keeper/faults/support/scene.js";

/** What a fault does to a keeper that ticks meanwhile. */
export interface Fault {
  readonly name: string;
  /** Nodes follow it. */
  readonly rule?: Rule;
  /** Both nodes, not one. */
  readonly everywhere?: boolean;
  /** The process dies there, as by kill -9. */
  readonly dieAt?: Step;
  /** Blocks that a reorg takes back after the ticks. */
  readonly reorg?: number;
  /** A second process with the same key and journal ticks beside it. */
  readonly twice?: boolean;
  /** Done before the ticks; gives the transactions of the account that no keeper has sent. */
  readonly before?: (scene: Scene) => Promise<readonly string[]>;
}

const SEND = ["eth_sendRawTransaction"];
const COUNT = ["eth_getTransactionCount"];
const RECEIPT = ["eth_getTransactionReceipt"];

/** Rules by name, with the chance of each answer to be false. */
const RULES: readonly Rule[] = [
  { name: "429", transport: transport.tooMany(1) },
  { name: "502", transport: transport.badGateway() },
  { name: "garbage", transport: transport.garbage() },
  { name: "truncated JSON", transport: transport.truncated() },
  { name: "swapped ids", transport: transport.swappedIds() },
  { name: "answer lost", transport: transport.answerLost() },
  { name: "broken connection", transport: transport.disconnect() },
  { name: "delay", transport: transport.delay(20) },
  { name: "frozen head", content: frozenHead() },
  { name: "own fork", content: ownFork() },
  { name: "higher nonce", methods: COUNT, content: countOff(2) },
  { name: "lower nonce", methods: COUNT, content: countOff(-1) },
  { name: "receipts withheld", methods: RECEIPT, content: noReceipt },
  { name: "receipts invented", methods: RECEIPT, content: inventedReceipt(true) },
  { name: "failures invented", methods: RECEIPT, content: inventedReceipt(false) },
  { name: "swallowed", methods: SEND, content: swallow },
  { name: "response lost", methods: SEND, transport: transport.answerLost() },
  { name: "already known", methods: SEND, content: says("already known") },
  { name: "nonce too low", methods: SEND, content: says("nonce too low") },
  { name: "underpriced", methods: SEND, content: says("replacement transaction underpriced") },
  { name: "insufficient funds", methods: SEND, content: says("insufficient funds for gas * price + value") },
  { name: "reverts", methods: ["eth_call", "eth_estimateGas"], content: says("execution reverted", 3, "0x") },
  { name: "header not found", methods: ["eth_call"], content: says("header not found") },
];

/** Lies that two nodes would have to agree on: told by one at most, as no keeper can tell them from the truth. */
const ALONE = [
  "receipts invented",
  "failures invented",
  "own fork",
  "higher nonce",
  "lower nonce",
  "receipts withheld",
];

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random.uniform() * list.length)] as T;

/** One fault of chance. */
export function drawFault(random: Random): Fault {
  const kind = random.uniform();
  if (kind < 0.2) {
    const dieAt = pick(random, STEPS);
    return { name: `kill -9 at ${dieAt}`, dieAt };
  }
  if (kind < 0.3) {
    const reorg = 1 + Math.floor(random.uniform() * 3);
    return { name: `reorg of ${reorg}`, reorg };
  }
  if (kind < 0.35) return { name: "a second keeper", twice: true };
  if (kind < 0.4) return { name: "a foreign transaction", before: byHand };
  const rule = pick(random, RULES);
  const everywhere = random.uniform() < 0.5 && !ALONE.includes(rule.name);
  const probability = pick(random, [0.1, 0.3, 1]);
  const name = `${rule.name} of ${everywhere ? "both nodes" : "one node"}, ${probability}`;
  return { name, everywhere, rule: { ...rule, probability } };
}

/** An empty transaction of the keeper's key, as from a wallet that somebody uses beside it. */
async function byHand({ chain }: Scene): Promise<readonly string[]> {
  const wallet = new Wallet(keyOf("keeper"));
  const nonce = Number(await chain.request<string>("eth_getTransactionCount", [wallet.address, "latest"]));
  const fees = { maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 10n ** 9n, gasLimit: 21_000n };
  const raw = await wallet.signTransaction({ to: wallet.address, nonce, chainId: 31337, type: 2, ...fees });
  return [await chain.request<string>("eth_sendRawTransaction", [raw])];
}
