import { Interface } from "ethers";
import type { Batch } from "../read/batch.js";
import { interfaceCall } from "../read/call.js";
import type { Ratio18 } from "../units.js";
import type { FundingLayout } from "./readFunding.js";

const PERP = /* @__PURE__ */ new Interface(["function getMmRatio() view returns (uint24)"]);
/** The venue counts in millionths. */
const MILLIONTH = 10n ** 12n;

/**
 * Adds the read of the margin over notional below which a venue liquidates; call the result once the batch is sent. On Perp v2 it is the
 * venue's own. Where the venue lends it is zero: a leg's `collateralWeight` is the collateral's liquidation threshold already.
 */
export function addMaintenance(batch: Batch, venue: FundingLayout): () => Ratio18 | null {
  if (venue === null) return () => null;
  if (venue.kind === "interest") return () => 0n;
  const ratio = batch.add(interfaceCall<bigint>(PERP, venue.config, "getMmRatio"));
  return () => {
    const millionths = ratio.orNull();
    return millionths === null ? null : BigInt(millionths) * MILLIONTH;
  };
}
