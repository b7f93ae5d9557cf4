import type { LaneContext } from "./context.js";
import { ask } from "./no-answer-error.js";

/** Gas for an empty transaction to oneself, with a quarter more: rollups ask for more than 21,000. */
export async function gasOfNothing({ provider, signer }: LaneContext): Promise<bigint> {
  const [gas] = await ask([provider.estimateGas({ from: signer, to: signer, value: 0n })] as const);
  return (gas * 5n) / 4n;
}
