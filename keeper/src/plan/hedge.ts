import type { KeeperConfig } from "../config.js";
import { betas } from "../model/beta.js";
import type { VenueDefault } from "../model/carry/venue-default.js";
import { semidefinite } from "../model/psd.js";
import { driftVolatility, gammasInUsd } from "./drift.js";
import { equityPerShort } from "./hedge-account.js";
import { type CapitalInputs, capitalByLeg, capitalFor } from "./hedge-capital.js";
import type { Measured } from "./measure-book.js";
import { bandHorizon, insideBand } from "./no-trade-band.js";
import { describeOptions, type OptionTarget, solveWithin } from "./option-hedge.js";
import { type OptionRows, optionRows } from "./option-rows.js";
import { ownGammas, ownVegas } from "./own-sensitivities.js";
import type { HedgeInstrument, HedgeProgram } from "./program/hedge-program.js";
import type { HedgeSolution } from "./program/hedge-solution.js";
import type { Situation } from "./situation.js";
import { costShare, type Quote } from "./trade.js";
import { withVenueDefaults } from "./venue-defaults.js";

/**
 * Time over which the cost of going from one venue to another must pay, years: half of the five days for which a difference of two venues'
 * funding lasts, so that it must bring twice what it costs.
 */
const SWITCH_HORIZON = 2.5 / 365;

/** A market of a hedge leg, with its position in dollars. */
export interface Market {
  readonly leg: string;
  readonly market: string;
  readonly asset: number;
  /** Base tokens, 1e18, negative for a short. */
  readonly size: bigint;
  /** USD, negative for a short. */
  readonly current: number;
  /** Null where it cannot be traded now. */
  readonly quote: Quote | null;
  /** Largest short if it stood alone, by the capital at hand and the cap on all shorts, USD. */
  readonly capacity: number;
}

/** Where the hedge shall go. */
export interface HedgeTarget extends Market {
  /** USD, never positive. */
  readonly target: number;
}

/** What the hedge is chosen from. */
export interface HedgeInputs extends CapitalInputs {
  readonly measured: Measured;
  /** By asset: exposure to it needs no hedge. */
  readonly stable: readonly boolean[];
  readonly covariance: readonly (readonly number[])[] | null;
  /** Margin ratio that the capital at hand must allow, 1.0 = 100%. */
  readonly marginFloor: number;
  /** Largest sum of shorts, USD. */
  readonly maxGross: number;
  /** False to go to the optimum itself. */
  readonly banded: boolean;
  readonly funding: Situation["funding"];
  /** By hedge leg: how likely its venue is to fail, for the choice between venues; not counted where it is left out. */
  readonly venueDefaults?: Readonly<Record<string, VenueDefault>>;
  /** By asset, for the reasons. */
  readonly symbols: readonly string[];
  /** The naive policy's asset. */
  readonly naiveAsset: number;
  /** How many times its expected cost a trade counts; once where it is left out. */
  readonly costFactor?: number;
  /** Options, and Unix seconds; where it is left out gamma and vega are not limited. */
  readonly sensitivities?: { readonly options: Situation["options"]; readonly now: number };
}

/** Every market of every hedge leg. */
export function marketsOf(inputs: HedgeInputs): Market[] {
  const { book, marginFloor, maxGross } = inputs;
  const capital = capitalFor(inputs);
  return Object.entries(book.hedges).flatMap(([leg, hedge]) => {
    const capacity = Math.max(0, Math.min(maxGross, capital / equityPerShort(hedge, marginFloor)));
    return hedge.positions.map(({ market, asset, size, quote }) => {
      const current = Number((size * book.prices[asset]!) / 10n ** 18n) / 1e18;
      return { leg, market, asset, size, current, quote, capacity };
    });
  });
}

/** Exposures without the hedge, USD by asset; stables count as cash. */
export function unhedgedExposure(
  measured: Pick<Measured, "exposure" | "hedgeExposure">,
  stable: readonly boolean[],
): number[] {
  return measured.exposure.map((value, asset) =>
    stable[asset] ? 0 : Number(value - measured.hedgeExposure[asset]!) / 1e18,
  );
}

/** Where the hedge shall go, and why: the solution of the hedge program, null where another policy decides. */
export interface HedgeChoice {
  readonly targets: readonly HedgeTarget[];
  readonly solution: HedgeSolution | null;
  /** Empty as long as no leg trades options: one that does makes orders of these. */
  readonly options?: readonly OptionTarget[];
  /** What else is to be said about it, in words. */
  readonly notes?: readonly string[];
}

/** The shorts that the configured policy wants. */
export function chooseHedge(inputs: HedgeInputs, config: KeeperConfig): HedgeChoice {
  const markets = marketsOf(inputs);
  const exposure = unhedgedExposure(inputs.measured, inputs.stable);
  switch (config.hedge.policy) {
    case "none":
      return {
        targets: markets.map((market) => ({ ...market, target: market.quote === null ? market.current : 0 })),
        solution: null,
      };
    case "naive":
      return { targets: naiveTargets(markets, exposure, inputs, config), solution: null };
    case "minVariance":
      return minVarianceHedge(markets, exposure, inputs, config);
  }
}

function naiveTargets(markets: Market[], exposure: number[], inputs: HedgeInputs, config: KeeperConfig): HedgeTarget[] {
  const chosen = markets.find(({ asset }) => asset === inputs.naiveAsset);
  const everything = exposure.reduce((sum, usd) => sum + usd, 0);
  const total = Math.min(chosen?.capacity ?? 0, Math.max(0, everything));
  return markets.map((market) => {
    if (market.quote === null) return { ...market, target: market.current };
    if (market !== chosen) return { ...market, target: 0 };
    const halfWidth = inputs.banded ? config.hedge.naiveBand * total : 0;
    return { ...market, target: insideBand(market.current, -total, halfWidth, "centre") };
  });
}

function minVarianceHedge(
  markets: Market[],
  exposure: number[],
  inputs: HedgeInputs,
  config: KeeperConfig,
): HedgeChoice {
  const { book, measured, banded, minTrade, marginFloor, symbols } = inputs;
  if (inputs.covariance === null || markets.length === 0) {
    return { targets: markets.map((market) => ({ ...market, target: market.current })), solution: null };
  }
  const covariance = semidefinite(inputs.covariance);
  const nav = Math.max(1, Number(measured.nav) / 1e18);
  const gammas = gammasInUsd(measured.gammas);
  const assets = [...new Set(markets.map(({ asset }) => asset))];
  const ratios = betas(covariance, assets);
  const gamma = config.hedge.riskAversion;
  const capitals = capitalByLeg(inputs);
  const several = Object.keys(capitals).length > 1;
  const instruments = markets.map(({ leg, market, asset, current, quote }): HedgeInstrument => {
    const beta = ratios.map((row) => row[assets.indexOf(asset)]!);
    const nu = driftVolatility(exposure, gammas, beta, asset, covariance) / nav;
    const kappa = quote === null || !banded ? 0 : costShare(quote, minTrade) * (inputs.costFactor ?? 1);
    const sigma = Math.sqrt(covariance[asset]![asset]!);
    const costHorizon = bandHorizon({ kappa, nu, gamma, sigma });
    return {
      ...{ name: `${symbols[asset]} at ${leg}`, current, side: "short", fixed: quote === null },
      loading: exposure.map((_, index) => (index === asset ? 1 : 0)),
      ...{ cost: kappa, costHorizon: several ? Math.min(costHorizon, SWITCH_HORIZON) : costHorizon },
      funding: inputs.funding[leg]?.[market]?.rate ?? 0,
      ...{ margin: equityPerShort(book.hedges[leg]!, marginFloor), venue: leg },
    };
  });
  const rows = sensitivityRows(inputs, covariance, nav, config);
  const all = [...instruments, ...rows.instruments];
  // What cannot be traded counts first, and may take all of a limit.
  const held = (weight: (one: HedgeInstrument) => number): number =>
    all.reduce((sum, one) => (one.fixed ? sum + weight(one) * Math.abs(one.current) : sum), 0);
  // Options are paid for: what is held of them is capital that they need no more.
  const paid = rows.instruments.reduce((sum, { current }) => sum + current, 0);
  const program: HedgeProgram = {
    ...{ exposure, covariance, instruments: all, aversion: gamma / nav, horizon: 1 },
    limits: {
      ...(several && {
        venues: Object.fromEntries(
          Object.entries(capitals).map(([leg, capital]) => {
            const fixed = held(({ venue, margin = 0 }) => (venue === leg ? margin : 0));
            return [leg, Math.max(capital, fixed)];
          }),
        ),
      }),
      margin: Math.max(
        capitalFor(inputs) + paid,
        held(({ margin = 0 }) => margin),
      ),
      gross: Math.max(
        0,
        inputs.maxGross,
        held(() => 1),
      ),
    },
  };
  const risks = inputs.venueDefaults;
  // With one venue there is no choice, and a hedge that might fail is better than none.
  const counted =
    several && risks !== undefined
      ? withVenueDefaults(
          program,
          markets.map(({ leg }) => {
            const perUsd = equityPerShort(book.hedges[leg]!, config.margin.target);
            return { venue: leg, risk: risks[leg]!, perUsd };
          }),
        )
      : program;
  const { solution, notes } = solveWithin(counted, rows.limits);
  const options = rows.markets.map((market, index) => ({
    ...market,
    target: solution.positions[instruments.length + index]!,
  }));
  return {
    targets: markets.map((market, index) => ({ ...market, target: solution.positions[index]! })),
    solution,
    options,
    notes: [...rows.notes, ...notes, ...describeOptions(options, rows.instruments)],
  };
}

function sensitivityRows(
  { book, measured, sensitivities, symbols }: HedgeInputs,
  covariance: readonly (readonly number[])[],
  nav: number,
  { hedge: { maxGamma, maxVega, vegaDays } }: KeeperConfig,
): OptionRows {
  if (sensitivities === undefined) return { markets: [], instruments: [], limits: {}, notes: [] };
  return optionRows({
    ...sensitivities,
    ...{ covariance, symbols, gammas: ownGammas(measured) },
    vegas: ownVegas(book, covariance, vegaDays / 365),
    prices: book.prices.map((price) => Number(price) / 1e18),
    least: { gamma: maxGamma === null ? null : -maxGamma * nav, vega: maxVega === null ? null : -maxVega * nav },
  });
}
