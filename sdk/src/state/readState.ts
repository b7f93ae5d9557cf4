import { interfaceOf } from "../abi/abi.js";
import { erc20 } from "../abi/erc20.js";
import type { Connection } from "../connection.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import {
  ICovarianceOracle__views,
  IHedgeVault__views,
  IPriceOracle__views,
  IRedeemQueue__views,
} from "../generated/abi.js";
import { toJson } from "../json.js";
import type { ReadPoint } from "../multicall.js";
import { Batch } from "../read/batch.js";
import type { PinnedBlock } from "../read/block.js";
import { contractCall, interfaceCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import { ONE } from "../units.js";
import type { VaultLayout } from "./layout.js";
import type { LegState } from "./legTypes.js";
import { plainPortfolio, toRows } from "./plain.js";
import { addFundingTerms, type FundingTerms } from "./readFunding.js";
import { addLeg } from "./readLegs.js";
import { addRules } from "./readRules.js";
import type { AssetState, CovarianceState, PortfolioState, VaultState } from "./types.js";

const ACCESS_MANAGED = "function authority() view returns (address)";

function addVault(batch: Batch, { address }: Connection, layout: VaultLayout) {
  const vault = contractAt(IHedgeVault__views, address);
  const queue = contractAt(IRedeemQueue__views, address);
  const oracle = contractAt(IPriceOracle__views, layout.priceOracle);
  const covariance = contractAt(ICovarianceOracle__views, layout.covarianceOracle);
  return {
    legs: batch.add(contractCall(vault, "legs")),
    rebalancer: batch.add(contractCall(vault, "rebalancer")),
    totalSupply: batch.add(erc20.totalSupply(address)),
    supplyWithFees: batch.add(contractCall(queue, "supplyWithFees")),
    authority: batch.add(interfaceCall<string>(interfaceOf(ACCESS_MANAGED), address, "authority")),
    nav: batch.add(contractCall(vault, "nav")),
    portfolio: batch.add(contractCall(vault, "portfolio")),
    rules: addRules(batch, address, layout.rebalancer),
    usable: batch.add(contractCall(covariance, "usable")),
    covariance: batch.add(contractCall(covariance, "covariance")),
    funding: layout.legs.map((leg) => addFundingTerms(batch, leg.kind === "hedge" ? leg.funding : null)),
    assets: layout.assets.map((asset) => ({
      ...asset,
      idle: batch.add(contractCall(vault, "idle", asset.address)),
      price: batch.add(contractCall(oracle, "price", asset.address)),
      feed: batch.add(contractCall(oracle, "feedOf", asset.address)),
      updatedAt: batch.add(contractCall(oracle, "updatedAt", asset.address)),
    })),
  };
}

type PendingVault = ReturnType<typeof addVault>;

function assetsOf(pending: PendingVault, portfolio: PortfolioState): AssetState[] {
  return pending.assets.map(({ address, symbol, decimals, idle, price, feed, updatedAt }, index) => {
    const { mid, half, ok } = price.value();
    const { feed: proxy, heartbeat, deviation, stableBand } = feed.value();
    return {
      address,
      symbol,
      decimals,
      idle: idle.value(),
      price: { mid, half, ok },
      feed: { address: proxy, heartbeat, deviation, stableBand },
      updatedAt: Number(updatedAt.value()),
      exposure: portfolio.exposure[index] ?? 0n,
      hedgeExposure: portfolio.hedgeExposure[index] ?? 0n,
    };
  });
}

function covarianceOf(pending: PendingVault): CovarianceState {
  const matrices = pending.covariance.orNull();
  const n = pending.assets.length;
  return {
    usable: pending.usable.orNull() ?? false,
    fast: matrices && toRows(matrices.fast, n),
    slow: matrices && toRows(matrices.slow, n),
  };
}

function sharePriceOf(nav: VaultState["nav"], supply: bigint): VaultState["sharePrice"] {
  if (supply === 0n || !nav.ok) return null;
  const per = (usd: bigint) => (usd > 0n ? (usd * ONE) / supply : 0n);
  return { mid: per(nav.mid), low: per(nav.mid - nav.half), high: per(nav.mid + nav.half) };
}

/** True while the layout still is the vault's: same legs, same Rebalancer. */
function fits(layout: VaultLayout, pending: PendingVault): boolean {
  const legs = pending.legs.value();
  return (
    pending.rebalancer.value() === layout.rebalancer &&
    legs.length === layout.legs.length &&
    layout.legs.every(({ address }, index) => address === legs[index])
  );
}

/** What the legs are read with. It seldom changes, so the last one seen is a guess of the next. */
export interface LegTerms {
  prices: VaultState["prices"];
  /** By leg. */
  funding: FundingTerms[];
}

/** A state, and what its legs were read with. */
export interface StateReading {
  state: VaultState;
  terms: LegTerms;
}

/** Which block a first read was of, told once it is made. */
export interface ReadBlock {
  /** At which it is read. */
  at: ReadPoint;
  /** The block, and where the second read finds the same one; null where it is not known to be that block. */
  settle(): Promise<{ block: PinnedBlock; at: ReadPoint } | null>;
}

/**
 * The state at a block, in one read where `guess` is right, else in two: what needs no price, then the legs at the vault's own snapshot.
 *
 * @param batch For the first read; it may have calls already, which then come first
 * @returns Why there is none: the layout is outdated, or nobody knows which block it was
 */
export async function readState(
  connection: Connection,
  layout: VaultLayout,
  point: ReadBlock,
  guess: LegTerms | null = null,
  batch: Batch = new Batch(point.at),
): Promise<StateReading | "outdated" | "unknown block"> {
  const pending = addVault(batch, connection, layout);
  const early = guess && addLegs(batch, layout, guess);
  await batch.send();
  const settled = await point.settle();
  if (settled === null) return "unknown block";
  const { block, at } = settled;
  if (!fits(layout, pending)) return "outdated";

  const [held, snapshot] = pending.portfolio.value();
  const portfolio = plainPortfolio(held);
  const prices = { mid: [...snapshot.mid], half: [...snapshot.half], ok: snapshot.ok };
  const terms: LegTerms = { prices, funding: pending.funding.map((read) => read()) };
  const legs = early && guess && same(guess, terms) ? early : await readLegs(at, layout, terms);

  const { mid, half, ok } = pending.nav.value();
  const nav = { mid, half, ok };
  const totalSupply = pending.totalSupply.value();
  const { name, symbol, decimals, settlementToken, priceOracle, covarianceOracle, rebalancer } = layout;
  const state = {
    block,
    address: connection.address,
    ...{ name, symbol, decimals, totalSupply, settlementToken, priceOracle, covarianceOracle, rebalancer },
    supplyWithFees: pending.supplyWithFees.value(),
    authority: pending.authority.value(),
    assets: assetsOf(pending, portfolio),
    prices,
    nav,
    portfolio,
    legs: legs.map((leg) => leg()),
    ...pending.rules(),
    covariance: covarianceOf(pending),
    sharePrice: sharePriceOf(nav, totalSupply),
  };
  return { state, terms };
}

function addLegs(batch: Batch, { legs }: VaultLayout, { prices, funding }: LegTerms): (() => LegState)[] {
  return legs.map((leg, index) => addLeg(batch, leg, prices, funding[index] ?? null));
}

async function readLegs(at: ReadPoint, layout: VaultLayout, terms: LegTerms): Promise<(() => LegState)[]> {
  if (at.as !== undefined) {
    throw new CrosshedgeError("READ_FAILED", "What the legs are read with has changed within one simulation.");
  }
  const batch = new Batch(at);
  const legs = addLegs(batch, layout, terms);
  await batch.send();
  return legs;
}

function same(a: LegTerms, b: LegTerms): boolean {
  const text = ({ prices: { mid, half, ok }, funding }: LegTerms): string =>
    JSON.stringify(toJson([mid, half, ok, funding.map((terms) => terms && [terms.interval, terms.cap])]));
  return text(a) === text(b);
}
