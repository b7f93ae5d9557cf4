import type { Provider } from "ethers";
import { EACAggregatorProxy__factory } from "../devnet/generated/index.js";
import { COVARIANCE_PARAMETERS } from "./parameters.js";

/**
 * First grid time of a covariance oracle that shall be usable as soon as it is poked: its least history ago, or where the feeds' present
 * phase begins, whichever is later. Unix seconds, a multiple of the grid step.
 */
export async function genesisFor(
  provider: Provider,
  feeds: readonly string[],
  { gridStep, minHistory }: { gridStep: bigint; minHistory: bigint } = COVARIANCE_PARAMETERS,
): Promise<number> {
  const latest = await provider.getBlock("latest");
  const now = BigInt(latest?.timestamp ?? 0);
  let genesis = (now / gridStep) * gridStep - minHistory;
  for (const feed of feeds) {
    const proxy = EACAggregatorProxy__factory.connect(feed, { provider });
    const { updatedAt } = await proxy.getRoundData(((await proxy.phaseId()) << 64n) | 1n);
    const first = ((updatedAt + gridStep - 1n) / gridStep) * gridStep;
    if (first > genesis) genesis = first;
  }
  return Number(genesis);
}
