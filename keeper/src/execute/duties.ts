import { IHedgeVault__factory, IRebalancer__factory, IRedeemQueue__factory, type VaultState } from "@crosshedge/sdk";
import type { Signer } from "ethers";
import type { KeeperConfig } from "../config.js";
import type { Duty } from "../plan/duties.js";
import { type Refusal, refusalOf } from "./refusals.js";
import { type BoundCall, send } from "./send.js";

/** What became of a duty. */
export interface DutyResult extends Duty {
  /** Hash of its transaction; null where none was sent. */
  readonly transaction: string | null;
  readonly gasUsed: bigint;
  readonly refused: Refusal | null;
}

interface SimulatedCall extends BoundCall {
  /** Answers whether the call is worth sending; throws where it would revert. */
  readonly worthwhile: () => Promise<boolean>;
}

/** Simulate one duty and, where it does something, send it. A refusal by the chain is a result, not an error. */
export async function carryOutDuty(
  duty: Duty,
  state: VaultState,
  signer: Signer,
  { execution }: KeeperConfig,
): Promise<DutyResult> {
  const call = boundCall(duty, state, signer);
  const nothing = { ...duty, transaction: null, gasUsed: 0n };
  try {
    if (!(await call.worthwhile())) return { ...nothing, refused: null };
    const { hash, gasUsed } = await send(call, execution);
    return { ...duty, transaction: hash, gasUsed, refused: null };
  } catch (caught) {
    return { ...nothing, refused: refusalOf(caught) };
  }
}

function boundCall(duty: Duty, state: VaultState, signer: Signer): SimulatedCall {
  const vault = IHedgeVault__factory.connect(state.address, signer);
  const rebalancer = IRebalancer__factory.connect(state.rebalancer, signer);
  switch (duty.kind) {
    case "settle": {
      const { settle } = IRedeemQueue__factory.connect(state.address, signer);
      const worthwhile = async (): Promise<boolean> =>
        (await settle.staticCall()).shares > 0n || duty.movesQueue === true;
      return { worthwhile, estimate: () => settle.estimateGas(), send: (overrides) => settle(overrides) };
    }
    case "sync":
      return plain(vault.sync);
    case "accrueFees":
      return plain(vault.accrueFees);
    case "clearAlarm":
      return plain(rebalancer.clearAlarm);
    case "heartbeat":
      return plain(rebalancer.heartbeat);
  }
}

interface Method {
  (overrides: { gasLimit: bigint }): ReturnType<BoundCall["send"]>;
  estimateGas(): Promise<bigint>;
  staticCall(): Promise<unknown>;
}

function plain(method: Method): SimulatedCall {
  return {
    worthwhile: () => method.staticCall().then(() => true),
    estimate: () => method.estimateGas(),
    send: (overrides) => method(overrides),
  };
}
