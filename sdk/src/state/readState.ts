import { interfaceOf } from "../abi/abi.js";
import type { Connection } from "../connection.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { ICovarianceOracle__views, IHedgeVault__views } from "../generated/abi.js";
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
import { addBasics } from "./readBasics.js";
import { addFundingTerms, type FundingTerms } from "./readFunding.js";
import { addLeg } from "./readLegs.js";
import type { CovarianceState, VaultState } from "./types.js";

const ACCESS_MANAGED = "function authority() view returns (address)";

function addVault(batch: Batch, { address }: Connection, layout: VaultLayout) {
  const vault = contractAt(IHedgeVault__views, address);
  const covariance = contractAt(ICovarianceOracle__views, layout.covarianceOracle);
  return {
    basics: addBasics(batch, address, layout),
    legs: batch.add(contractCall(vault, "legs")),
    authority: batch.add(interfaceCall<string>(interfaceOf(ACCESS_MANAGED), address, "authority")),
    portfolio: batch.add(contractCall(vault, "portfolio")),
    usable: batch.add(contractCall(covariance, "usable")),
    covariance: batch.add(contractCall(covariance, "covariance")),
    funding: layout.legs.map((leg) => addFundingTerms(batch, leg.kind === "hedge" ? leg.funding : null)),
  };
}

type PendingVault = ReturnType<typeof addVault>;

const NOTHING = { nav: 0n, half: 0n, exposure: [], hedgeExposure: [], gammas: [] };

/** Where a venue does not let its position be valued there is no portfolio, as at a bad price. */
function measuredOf(pending: PendingVault, { assets }: VaultLayout): Pick<VaultState, "portfolio" | "prices"> {
  const none = assets.map(() => 0n);
  const [held, { mid, half, ok }] = pending.portfolio.orNull() ?? [NOTHING, { mid: none, half: none, ok: false }];
  return { portfolio: plainPortfolio(held), prices: { mid: [...mid], half: [...half], ok } };
}

function covarianceOf(pending: PendingVault, n: number): CovarianceState {
  const matrices = pending.covariance.orNull();
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

/** True while the layout's legs still are the vault's. */
function fits(layout: VaultLayout, pending: PendingVault): boolean {
  const legs = pending.legs.value();
  return legs.length === layout.legs.length && layout.legs.every(({ address }, index) => address === legs[index]);
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
  const reading = pending.basics();
  if (reading.rebalancer !== layout.rebalancer || !fits(layout, pending)) return "outdated";
  const basics = reading.state();

  const { portfolio, prices } = measuredOf(pending, layout);
  const terms: LegTerms = { prices, funding: pending.funding.map((read) => read()) };
  const legs = early && guess && same(guess, terms) ? early : await readLegs(at, layout, terms);

  const { name, symbol, decimals, priceOracle, covarianceOracle, rebalancer } = layout;
  const state = {
    block,
    address: connection.address,
    ...{ name, symbol, decimals, priceOracle, covarianceOracle, rebalancer },
    ...basics,
    authority: pending.authority.value(),
    assets: basics.assets.map((asset, index) => ({
      ...asset,
      exposure: portfolio.exposure[index] ?? 0n,
      hedgeExposure: portfolio.hedgeExposure[index] ?? 0n,
    })),
    prices,
    portfolio,
    legs: legs.map((leg) => leg()),
    covariance: covarianceOf(pending, layout.assets.length),
    sharePrice: sharePriceOf(basics.nav, basics.supplyWithFees),
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
