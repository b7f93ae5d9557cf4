import { erc20 } from "../abi/erc20.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { IHedgeLeg__views, IHedgeVault__views, ILeg__views, IUniswapV3Leg__views } from "../generated/abi.js";
import type { ReadPoint } from "../multicall.js";
import { Batch } from "../read/batch.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import { type FundingLayout, probeFunding, usualTerms } from "./readFunding.js";
import type { LegTerms } from "./readState.js";

/** What a leg of any kind is made of. */
export interface LegLayoutBase {
  address: string;
  /** The protocol it is at, "uniswap-v3" say. */
  venue: string;
  isHedge: boolean;
}

/** What a leg is made of, which does not change while it lives. */
export type LegLayout =
  | (LegLayoutBase & { kind: "liquidity"; pool: string; indices: [number, number] })
  | (LegLayoutBase & { kind: "hedge"; markets: { market: string; assetIndex: number }[]; funding: FundingLayout })
  | (LegLayoutBase & { kind: "other" });

/** What a vault is made of: it changes only when a leg or the Rebalancer is replaced, under a delay. */
export interface VaultLayout {
  name: string;
  symbol: string;
  decimals: number;
  assets: { address: string; symbol: string; decimals: number }[];
  settlementToken: string;
  priceOracle: string;
  covarianceOracle: string;
  rebalancer: string;
  legs: LegLayout[];
}

function probeLeg(batch: Batch, address: string, settlementToken: string): (next: Batch) => () => LegLayout {
  const isHedge = batch.add(contractCall(contractAt(ILeg__views, address), "isHedge"));
  const pool = batch.add(contractCall(contractAt(IUniswapV3Leg__views, address), "pool"));
  const indices = batch.add(contractCall(contractAt(IUniswapV3Leg__views, address), "indices"));
  const venue = batch.add(contractCall(contractAt(IHedgeLeg__views, address), "venue"));
  const markets = batch.add(contractCall(contractAt(IHedgeLeg__views, address), "markets"));
  const funding = probeFunding(batch, address, settlementToken);
  return (next) => {
    const base = { address, isHedge: isHedge.value() };
    const [poolAddress, pair] = [pool.orNull(), indices.orNull()];
    if (!base.isHedge && poolAddress !== null && pair !== null) {
      const both: [number, number] = [Number(pair.index0), Number(pair.index1)];
      return () => ({ ...base, kind: "liquidity", venue: "uniswap-v3", pool: poolAddress, indices: both });
    }
    const [name, list] = [venue.orNull(), markets.orNull()];
    if (!base.isHedge || name === null || list === null) {
      return () => ({ ...base, kind: "other", venue: name ?? "unknown" });
    }
    const shorts = list.map(({ market, assetIndex }) => ({ market, assetIndex: Number(assetIndex) }));
    const charged = funding(next);
    return () => ({ ...base, kind: "hedge", venue: name, markets: shorts, funding: charged() });
  };
}

async function readRoot(at: VaultPoint) {
  const { address } = at;
  const vault = contractAt(IHedgeVault__views, address);
  const batch = new Batch(at);
  const pending = {
    name: batch.add(erc20.name(address)),
    symbol: batch.add(erc20.symbol(address)),
    decimals: batch.add(erc20.decimals(address)),
    assets: batch.add(contractCall(vault, "assets")),
    settlementToken: batch.add(contractCall(vault, "settlementToken")),
    priceOracle: batch.add(contractCall(vault, "priceOracle")),
    covarianceOracle: batch.add(contractCall(vault, "covarianceOracle")),
    rebalancer: batch.add(contractCall(vault, "rebalancer")),
    legs: batch.add(contractCall(vault, "legs")),
    portfolio: batch.add(contractCall(vault, "portfolio")),
  };
  await batch.send();
  if (!pending.assets.outcome().ok) {
    throw new CrosshedgeError("NOT_A_VAULT", `There is no Crosshedge vault at ${address}.`);
  }
  return pending;
}

/** A vault at a block. Legs and tokens never change what they are, so "latest" gives a whole picture too, or an outdated list of legs. */
type VaultPoint = ReadPoint & { address: string };

/** A layout, and a guess of what its legs are to be read with; null while prices cannot be read. */
export interface LayoutReading {
  layout: VaultLayout;
  terms: LegTerms | null;
}

/** The vault's layout, in rounds: addresses, what stands behind them, and what stands behind a venue. */
export async function readLayout(at: VaultPoint): Promise<LayoutReading> {
  const root = await readRoot(at);
  const batch = new Batch(at);
  const tokens = root.assets.value().map((address) => ({
    address,
    symbol: batch.add(erc20.symbol(address)),
    decimals: batch.add(erc20.decimals(address)),
  }));
  const settlementToken = root.settlementToken.value();
  const probes = [...root.legs.value()].map((leg) => probeLeg(batch, leg, settlementToken));
  await batch.send();
  const last = new Batch(at);
  const pending = probes.map((probe) => probe(last));
  await last.send();
  const legs = pending.map((leg) => leg());
  const layout = {
    name: root.name.value(),
    symbol: root.symbol.value(),
    decimals: Number(root.decimals.value()),
    assets: tokens.map(({ address, symbol, decimals }) => ({
      address,
      symbol: symbol.orNull() ?? address,
      decimals: Number(decimals.value()),
    })),
    settlementToken,
    priceOracle: root.priceOracle.value(),
    covarianceOracle: root.covarianceOracle.value(),
    rebalancer: root.rebalancer.value(),
    legs,
  };
  const prices = root.portfolio.orNull()?.[1];
  if (prices === undefined) return { layout, terms: null };
  const { mid, half, ok } = prices;
  const funding = legs.map((leg) => usualTerms(leg.kind === "hedge" ? leg.funding : null));
  return { layout, terms: { prices: { mid: [...mid], half: [...half], ok }, funding } };
}
