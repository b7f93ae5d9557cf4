import { type Events, interfaceOf } from "../abi/abi.js";
import { checkAddress } from "../address.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decoded } from "../errors/decoded.js";
import { IRebalancer__events } from "../generated/abi.js";
import type { IRebalancer } from "../generated/index.js";
import type { RawLog } from "../history/rawLog.js";
import { readLogs } from "../history/readLogs.js";
import { pinBlock } from "../read/block.js";
import { plainStruct } from "../state/plain.js";
import type { CrosshedgeVault } from "../vault.js";
import { findEpochBlock } from "./findEpochBlock.js";
import type { EpochEvent, PlanOutcome, PlanProfile } from "./types.js";

/** Where to look for an epoch. */
export interface EpochSearch {
  /** First block to search logs in; without it the block is found by the plan counter at past blocks, which takes an archive node. */
  fromBlock?: number;
  /** Last one; the latest by default. */
  toBlock?: number;
  /** The Rebalancer that carried the plan out; the vault's own by default. Each counts epochs for itself. */
  rebalancer?: string;
}

const PROFILES: readonly PlanProfile[] = ["Keeper", "Hedge", "Deleverage"];

/**
 * The plan of an epoch, as the chain logged it.
 *
 * @throws {CrosshedgeError} BAD_ARGUMENT for an epoch that is not over; READ_FAILED where the node has pruned what is needed; EVENT_MISSING where
 * it does not give the log
 * @example
 * const event = await readEpoch(vault, state.epoch - 1n);
 */
export function readEpoch(vault: CrosshedgeVault, epoch: bigint, search: EpochSearch = {}): Promise<EpochEvent> {
  return decoded(async () => {
    const { provider } = vault.connection;
    const { fromBlock } = search;
    const rebalancer = checkAddress(search.rebalancer ?? vault.layout.rebalancer, "rebalancer");
    const toBlock = search.toBlock ?? (await pinBlock(provider)).number;
    const found = fromBlock === undefined ? await findEpochBlock(provider, rebalancer, epoch, toBlock) : null;
    const abi = interfaceOf(IRebalancer__events);
    const topics = abi
      .encodeFilterTopics("Rebalanced", [epoch])
      .flatMap((topic) => (topic === null ? [] : [[topic].flat()]));
    const range = { from: found ?? fromBlock ?? 0, to: found ?? toBlock };
    const [log] = await readLogs(provider, { addresses: [rebalancer], topics }, range);
    if (log === undefined) throw missing(epoch, found);
    return toEvent(vault.address, log);
  });
}

function missing(epoch: bigint, block: number | null): CrosshedgeError {
  const where = block === null ? "in these blocks" : `although it was carried out in block ${block}`;
  return new CrosshedgeError("EVENT_MISSING", `The node gives no log of epoch ${epoch} ${where}.`, {
    nextStep: block === null ? "Search more blocks: an earlier `fromBlock`." : "Ask another node, or give `fromBlock`.",
  });
}

function toEvent(vault: string, log: RawLog): EpochEvent {
  const parsed = interfaceOf(IRebalancer__events).parseLog({ topics: [...log.topics], data: log.data });
  if (parsed === null) throw new CrosshedgeError("READ_FAILED", "The node gave a log that nobody asked for.");
  const args = parsed.args as unknown as Events<IRebalancer>["Rebalanced"];
  const { epoch, decisionHash, sender, profile, outcome, onlyReductions, lossSpent } = args;
  const { blockNumber, blockHash, transactionHash, logIndex } = log;
  return {
    ...{ vault, rebalancer: log.address, epoch, decisionHash, sender, onlyReductions, lossSpent },
    profile: PROFILES[Number(profile)] ?? "Keeper",
    outcome: plainStruct<PlanOutcome>(outcome),
    ...{ blockNumber, blockHash, transactionHash, logIndex },
  };
}
