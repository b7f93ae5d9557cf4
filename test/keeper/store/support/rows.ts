import { deflateRawSync } from "node:zlib";
import { getBytes, id as hashOfText, Transaction, Wallet } from "ethers";
import type { LaneHold, NewAttempt, NewIntent, NewTick } from "../../../../keeper/src/store/journal.js";

export const CHAIN = 31_337;
export const VAULT = `0x${"a1".repeat(20)}`;
export const TARGET = `0x${"c3".repeat(20)}`;
export const WALLET = new Wallet(`0x${"11".repeat(32)}`);
export const SIGNER = WALLET.address.toLowerCase();

export function newTick(change: Partial<NewTick> = {}): NewTick {
  const [inputs, config, decision] = ['{"state":"1"}', '{"band":0.1}', '{"action":"hold"}'];
  return {
    ...{
      chain_id: CHAIN,
      vault: VAULT,
      started_at: 1000,
      block: 5,
      block_hash: `0x${"b5".repeat(32)}`,
      block_time: 99,
    },
    ...{ epoch: "7", inputs: deflateRawSync(inputs), inputs_hash: hashOfText(inputs), config, decision },
    ...{ config_hash: hashOfText(config), model_hash: "0xmodel", decision_hash: hashOfText(decision) },
    ...{ action: "hold", reasons: '["hold.band"]', shadow: false },
    ...change,
  };
}

export function newIntent(change: Partial<NewIntent> = {}): NewIntent {
  return {
    ...{ chain_id: CHAIN, vault: VAULT, signer: SIGNER, tick_id: null, kind: "rebalance", key: "epoch:7" },
    ...{ target: TARGET, data: "0xabcdef", gas_limit: 2_000_000n, deadline: 1_800_000_000, notional: 12_345.678 },
    ...change,
  };
}

/** A transaction really signed, that does what `newIntent` says. */
export async function signed(intentId: number, nonce: number, change: Partial<NewAttempt> & { fee?: bigint } = {}) {
  const { fee = 10n ** 10n, ...columns } = change;
  const cancels = change.cancels ?? false;
  const fees = { maxFeePerGas: fee, maxPriorityFeePerGas: fee / 10n };
  const what = cancels ? { to: SIGNER, data: "0x" } : { to: TARGET, data: "0xabcdef" };
  const raw = await WALLET.signTransaction({ chainId: CHAIN, nonce, gasLimit: 2_000_000n, type: 2, ...fees, ...what });
  return {
    ...{ hash: Transaction.from(raw).hash!, intent_id: intentId, nonce, cancels, raw: getBytes(raw) },
    ...{
      max_fee: fees.maxFeePerGas,
      max_priority_fee: fees.maxPriorityFeePerGas,
      route: "public",
      expires_block: null,
    },
    ...columns,
  } satisfies NewAttempt;
}

/** A hold that is not the lane's any more. */
export const stale = (hold: LaneHold): LaneHold => ({ ...hold, term: hold.term - 1 });
