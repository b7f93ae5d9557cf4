import { erc20 } from "../abi/erc20.js";
import { IHedgeVault__views, IPriceOracle__views, IRedeemQueue__views } from "../generated/abi.js";
import type { Batch } from "../read/batch.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import type { VaultLayout } from "./layout.js";
import { plainStruct } from "./plain.js";
import { addRules, type RulesState } from "./readRules.js";
import type { AssetPrice, AssetState, VaultState } from "./types.js";

/** One asset, as far as it is read without the legs. */
export type HeldAsset = Omit<AssetState, "exposure" | "hedgeExposure">;

/** The part of a state that is read without the legs: what every operation depends on. */
export interface BasicState
  extends RulesState,
    Pick<VaultState, "nav" | "totalSupply" | "supplyWithFees" | "settlementToken"> {
  assets: HeldAsset[];
}

function addAsset(batch: Batch, vault: string, priceOracle: string, asset: VaultLayout["assets"][number]) {
  const oracle = contractAt(IPriceOracle__views, priceOracle);
  const idle = batch.add(contractCall(contractAt(IHedgeVault__views, vault), "idle", asset.address));
  const price = batch.add(contractCall(oracle, "price", asset.address));
  const feed = batch.add(contractCall(oracle, "feedOf", asset.address));
  const updatedAt = batch.add(contractCall(oracle, "updatedAt", asset.address));
  return (): HeldAsset => {
    const { feed: proxy, heartbeat, deviation, stableBand } = feed.value();
    return {
      ...asset,
      idle: idle.value(),
      price: plainStruct<AssetPrice>(price.value()),
      feed: { address: proxy, heartbeat, deviation, stableBand },
      updatedAt: Number(updatedAt.value()),
    };
  };
}

/** What was read of a vault without its legs. */
export interface BasicsReading {
  /** The vault's Rebalancer. Where it is not the layout's, the state is not to be used. */
  rebalancer: string;
  state(): BasicState;
}

/** Adds the reads of what a state says without its legs; call the result once the batch is sent. */
export function addBasics(batch: Batch, address: string, layout: VaultLayout): () => BasicsReading {
  const vault = contractAt(IHedgeVault__views, address);
  const rebalancer = batch.add(contractCall(vault, "rebalancer"));
  const totalSupply = batch.add(erc20.totalSupply(address));
  const supplyWithFees = batch.add(contractCall(contractAt(IRedeemQueue__views, address), "supplyWithFees"));
  const nav = batch.add(contractCall(vault, "nav"));
  const rules = addRules(batch, address, layout.rebalancer);
  const assets = layout.assets.map((asset) => addAsset(batch, address, layout.priceOracle, asset));
  const state = (): BasicState => {
    // It reverts where a venue does not let a position be valued.
    const valued = nav.orNull();
    return {
      totalSupply: totalSupply.value(),
      supplyWithFees: supplyWithFees.value(),
      settlementToken: layout.settlementToken,
      nav: valued ? plainStruct<VaultState["nav"]>(valued) : { mid: 0n, half: 0n, ok: false },
      ...rules(),
      assets: assets.map((asset) => asset()),
    };
  };
  return () => ({ rebalancer: rebalancer.value(), state });
}
