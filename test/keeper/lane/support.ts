import { HDNodeWallet } from "ethers";
import { network } from "hardhat";
import { createLane, type LaneOptions } from "../../../keeper/src/lane/create-lane.js";
import type { Lane, LaneIntent } from "../../../keeper/src/lane/lane.js";
import type { LaneConfigInput } from "../../../keeper/src/lane/lane-config.js";
import type { Attempt } from "../../../keeper/src/store/journal.js";
import { openStore, type Store } from "../../../keeper/src/store/open-store.js";
import { ROLES, TEST_MNEMONIC } from "../../../scripts/devnet/signers.js";

export const VAULT = `0x${"ee".repeat(20)}`;
const CHAIN = 31337;

/** Passes a call without data until one with data has set its switch; then reverts with "no". */
const SWITCH =
  "0x60378060" +
  "0b6000396000f3" +
  "36600c576000546013570000" +
  "5b6001600055005b6308c379a060e01b6000526020600452600260245261" +
  "6e6f60f01b60445260646000fd";

/** Depth three, no price of the coin, no waiting: what is due is due when a test moves the clock. */
const CONFIG: LaneConfigInput = { finality: 3, bumpAfterSeconds: 30, watchSeconds: 600, leaseSeconds: 60 };

/** The key of a role of the local chain. */
export function keyOf(role: (typeof ROLES)[number]): HDNodeWallet {
  return HDNodeWallet.fromPhrase(TEST_MNEMONIC, undefined, `m/44'/60'/0'/0/${ROLES.indexOf(role)}`);
}

export interface LaneWorldOptions extends Partial<Omit<LaneOptions, "config">> {
  readonly config?: LaneConfigInput;
}

/** A bare chain that mines when told to, a journal, a clock, and lanes of the keeper's key. */
export async function laneWorld() {
  const connection = await network.create("world");
  const { ethers, provider: rpc } = connection;
  const clock = { now: Date.UTC(2030, 0, 1) };
  const stores: Store[] = [];
  const openJournal = async () => {
    const store = await openStore({ kind: "memory" }, { now: () => clock.now });
    stores.push(store);
    return store.journal;
  };
  const journal = await openJournal();
  const { db } = stores[0]!;
  const wallet = keyOf("keeper");
  const signer = wallet.address.toLowerCase();
  const ask = (method: string, ...params: unknown[]) => rpc.request({ method, params });
  const [, , , , , keeper, , , , stranger] = await ethers.getSigners();
  const deployed = await stranger!.sendTransaction({ data: SWITCH });
  const target = (await deployed.wait())!.contractAddress!.toLowerCase();
  await ask("evm_setAutomine", false);

  /** What happens at each wait, in order; afterwards a block is mined at each. */
  let script: (() => unknown)[] = [];
  const wait = async (): Promise<void> => {
    const next = script.shift();
    await (next === undefined ? mine() : next());
  };
  const mine = (blocks = 1) => ask("hardhat_mine", `0x${blocks.toString(16)}`);
  let owners = 0;

  return {
    ...{
      ethers,
      ask,
      mine,
      clock,
      db,
      journal,
      openJournal,
      wallet,
      signer,
      target,
      keeper: keeper!,
      stranger: stranger!,
    },
    provider: ethers.provider,
    /** At the next waits, one each. */
    atWaits: (...steps: (() => unknown)[]) => {
      script = steps;
    },
    later: (seconds: number) => {
      clock.now += seconds * 1000;
    },
    lane: ({ config, ...options }: LaneWorldOptions = {}): Promise<Lane> =>
      createLane({
        ...{ provider: ethers.provider, wallet, chainId: CHAIN, journal, owner: `owner ${++owners}` },
        ...{ now: () => clock.now, wait, config: { ...CONFIG, ...config } },
        ...options,
      }),
    intent: async (key: string, changes: Partial<LaneIntent> = {}): Promise<LaneIntent> => {
      const { timestamp } = (await ethers.provider.getBlock("latest"))!;
      return {
        ...{ vault: VAULT, tick_id: null, kind: "heartbeat", key, target, data: "0x", gas_limit: 100_000n },
        ...{ deadline: timestamp + 600, notional: null },
        ...changes,
      };
    },
    /** Send something from the keeper's key that no journal knows. */
    foreign: async (fees: { maxFeePerGas?: bigint; maxPriorityFeePerGas?: bigint; nonce?: number } = {}) => {
      const nonce = fees.nonce ?? (await ethers.provider.getTransactionCount(signer, "latest"));
      return keeper!.sendTransaction({ to: stranger!.address, nonce, gasLimit: 30_000n, ...fees });
    },
    /** A block too dear for what waits, so many seconds on. */
    dearBlock: async ({ gwei = 20, seconds = 1 } = {}) => {
      await ask("hardhat_setNextBlockBaseFeePerGas", `0x${(BigInt(gwei) * 10n ** 9n).toString(16)}`);
      await ask("evm_increaseTime", seconds);
      await mine();
    },
    /** A block that costs as little as at first. */
    cheapBlock: async () => {
      await ask("hardhat_setNextBlockBaseFeePerGas", "0x3b9aca00");
      await mine();
    },
    attempts: async (): Promise<Attempt[]> => {
      const intents = await journal.intents({ chainId: CHAIN, vault: VAULT }, 100);
      return (await Promise.all(intents.reverse().map(({ id }) => journal.attempts(id)))).flat();
    },
    close: async () => {
      for (const store of stores) await store.close();
      await connection.close();
    },
  };
}

export type LaneWorld = Awaited<ReturnType<typeof laneWorld>>;
