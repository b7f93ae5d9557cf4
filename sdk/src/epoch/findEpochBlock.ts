import type { Provider } from "ethers";
import { interfaceOf } from "../abi/abi.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { IRebalancer__views } from "../generated/abi.js";
import { interfaceCall } from "../read/call.js";
import { ethCall } from "../read/ethCall.js";

/** First step back from the head, blocks; doubled each time. */
const FIRST_STEP = 64;

/** The plan counter at a block; −1 before there was a contract. */
async function epochAt(provider: Provider, rebalancer: string, blockNumber: number): Promise<bigint> {
  const call = interfaceCall<bigint>(interfaceOf(IRebalancer__views), rebalancer, "epoch");
  try {
    const answer = await ethCall({ provider, blockNumber }, { to: call.target, data: call.data });
    return answer === "0x" ? -1n : call.decode(answer);
  } catch (cause) {
    throw new CrosshedgeError("READ_FAILED", `The node has no state of block ${blockNumber}.`, {
      cause,
      nextStep: "Use an archive node, or give `fromBlock` to search the logs from there on.",
    });
  }
}

/**
 * The block in which an epoch's plan was carried out: steps back from the head, each twice as long, then bisection. So a young epoch needs
 * young states only.
 *
 * @throws {CrosshedgeError} BAD_ARGUMENT for an epoch that is not over; READ_FAILED where the node has pruned what is needed
 */
export async function findEpochBlock(
  provider: Provider,
  rebalancer: string,
  epoch: bigint,
  head: number,
): Promise<number> {
  const now = await epochAt(provider, rebalancer, head);
  if (epoch < 0n || epoch >= now) {
    throw new CrosshedgeError("BAD_ARGUMENT", `There was no plan of epoch ${epoch}: the vault is at ${now}.`, {
      nextStep: "Name an epoch below the vault's present one.",
    });
  }
  let [low, high] = [head, head];
  for (let step = FIRST_STEP; ; step *= 2) {
    low = Math.max(0, high - step);
    if (low === 0 || (await epochAt(provider, rebalancer, low)) <= epoch) break;
    high = low;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((await epochAt(provider, rebalancer, middle)) <= epoch) low = middle;
    else high = middle;
  }
  return high;
}
