import type { Prepared, Requirement, Signatures } from "@crosshedge/sdk";
import type { Provider, TransactionReceipt } from "ethers";
import { changeSettings, hedgedPosition } from "../support/actions.js";
import { type Fixture, vaultWithHistory } from "../support/fixture.js";
import { reusable } from "../support/reusable.js";

type Signer = Fixture["world"]["signers"]["alice"];

/** A hedged vault that takes fees. */
export const feeTakingVault = reusable(async () => {
  const f = await vaultWithHistory();
  await hedgedPosition(f);
  await changeSettings(f, { managementFee: 2n * 10n ** 16n, performanceFee: 10n ** 17n });
  return f;
});

/** The parameters of each request to a node, by method, which `answer` may take in place of it. */
export type Answer = (params: unknown[], ask: (params: unknown[]) => Promise<unknown>) => Promise<unknown>;

/** The node of a world, with some methods answered otherwise, and what it was asked. */
export function watchedNode(f: Fixture, answers: Record<string, Answer> = {}) {
  const asked: { method: string; params: unknown[]; tick: number }[] = [];
  let tick = 0;
  const node = f.world.ethers.provider;
  const send = async (method: string, params: unknown[]): Promise<unknown> => {
    if (asked.at(-1)?.tick !== tick) setTimeout(() => tick++, 0);
    asked.push({ method, params, tick });
    const ask = (given: unknown[]) => node.send(method, given) as Promise<unknown>;
    return answers[method] ? answers[method](params, ask) : ask(params);
  };
  const provider = new Proxy(node, {
    get(target, key) {
      if (key === "send") return send;
      const value = Reflect.get(target, key) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  }) as unknown as Provider;
  /** Requests that went out in one go each. */
  const batches = () => new Set(asked.map((request) => request.tick)).size;
  return { provider, asked, batches, forget: () => void asked.splice(0) };
}

/** Ten minutes on, a block in which nothing happens; `back` goes to where one may act so that the next block is at that very time. */
export async function emptyBlock(f: Fixture): Promise<{ back(): Promise<void>; next(): Promise<void> }> {
  const { time, mine, takeSnapshot } = f.world.networkHelpers;
  const at = (await time.latest()) + 600;
  const snapshot = await takeSnapshot();
  await time.setNextBlockTimestamp(at);
  await mine();
  return { back: () => snapshot.restore(), next: () => time.setNextBlockTimestamp(at) };
}

/** Sends the approvals that requirements ask for. */
export async function approveAll(signer: Signer, requirements: readonly Requirement[]): Promise<void> {
  for (const requirement of requirements) {
    const { transactions } = requirement.kind === "permit" ? requirement.instead : requirement;
    for (const { to, data } of transactions) await signer.sendTransaction({ to, data });
  }
}

/** Signs the permits that requirements ask for. */
export async function signAll(signer: Signer, requirements: readonly Requirement[]): Promise<Signatures> {
  const signatures: Record<string, string> = {};
  for (const requirement of requirements) {
    if (requirement.kind !== "permit") continue;
    const { domain, types, message } = requirement.typedData;
    signatures[requirement.token] = await signer.signTypedData(domain, types, message);
  }
  return signatures;
}

/** Sends the transaction and reads what it did. */
export async function execute<P, R>(
  signer: Signer,
  prepared: Prepared<P, R>,
  signatures?: Signatures,
): Promise<{ result: R; receipt: TransactionReceipt }> {
  const { to, data, value } = prepared.build(signatures);
  const receipt = await (await signer.sendTransaction({ to, data, value })).wait();
  if (receipt === null) throw new Error("not mined");
  return { result: prepared.resultOf(receipt), receipt };
}
