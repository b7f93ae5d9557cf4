import { CovarianceOracle__factory } from "@crosshedge/sdk";
import type { Signer } from "ethers";
import type { KeeperConfig } from "../config.js";
import { roundsAt } from "../model/covariance-oracle.js";
import type { Observation } from "../observe/observe.js";
import { type Refusal, refusalOf } from "./refusals.js";
import { send } from "./send.js";

/** What poking did. */
export interface PokeResult {
  /** Grid times passed. */
  readonly folded: number;
  readonly gasUsed: bigint;
  /** Why the oracle did not take the rest; null where it took everything. */
  readonly refused: Refusal | null;
}

/** Grid times that are due before a time, unix seconds. */
export function dueTimes({ cursor, step }: Observation["grid"], now: number): number[] {
  const count = Math.max(0, Math.ceil((now - cursor) / step) - 1);
  return Array.from({ length: count }, (_, k) => cursor + (k + 1) * step);
}

/** Fold every grid time that is due, in batches, each simulated before it is sent. */
export async function poke(observation: Observation, signer: Signer, { execution }: KeeperConfig): Promise<PokeResult> {
  const { state, grid, histories } = observation;
  const oracle = CovarianceOracle__factory.connect(state.covarianceOracle, signer);
  const times = dueTimes(grid, state.block.timestamp);
  let folded = 0;
  let gasUsed = 0n;
  for (let start = 0; start < times.length; start += execution.pokeBatch) {
    const claims = roundsAt(histories, times.slice(start, start + execution.pokeBatch));
    const call = {
      estimate: () => oracle.poke.estimateGas(claims),
      send: (overrides: { gasLimit: bigint }) => oracle.poke(claims, overrides),
    };
    try {
      await oracle.poke.staticCall(claims);
      gasUsed += (await send(call, execution)).gasUsed;
    } catch (caught) {
      // Somebody else may have been quicker: what is due then is folded already.
      return { folded, gasUsed, refused: refusalOf(caught) };
    }
    folded += claims.length;
  }
  return { folded, gasUsed, refused: null };
}
