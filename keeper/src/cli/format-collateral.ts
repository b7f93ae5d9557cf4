import type { Concentration } from "../model/collateral/concentration.js";
import type { Observation } from "../observe/observe.js";
import { openBook } from "../plan/book.js";
import { type CountedHolding, collateralOf } from "../plan/collateral.js";
import { bookConcentration } from "../plan/concentration.js";
import { isStable } from "../plan/situation.js";

const percent = (value: number): string => `${(value * 100).toFixed(1)}%`;
const dollars = (value: number): string => `$${value.toLocaleString("en-US", { maximumFractionDigits: 0 })}`;

/** What the vault holds now counts for after haircuts, and how concentrated it is. Nothing while a price is bad. */
export function formatCollateral(observation: Observation): string[] {
  const { state, forecast } = observation;
  if (!state.prices.ok) return [];
  const book = openBook(observation);
  const { idle, positions } = collateralOf(observation, book, forecast?.covariance ?? null);
  const pair = ([i, j]: readonly [number, number]): string => `${state.assets[i]!.symbol}/${state.assets[j]!.symbol}`;
  const lines = [
    ...idle.flatMap((holding, asset) => lineOf(`idle ${state.assets[asset]!.symbol}`, holding)),
    ...Object.entries(positions).flatMap(([leg, holding]) => lineOf(pair(book.pools[leg]!.indices), holding)),
  ];
  const { exposures, venues, stables } = bookConcentration(book, state.assets.map(isStable));
  const spread = Object.entries({ exposures, venues, stables }).flatMap(([what, value]) => wordsOf(what, value));
  return spread.length > 0 ? [...lines, `as concentrated as ${spread.join(", ")}`] : lines;
}

function lineOf(name: string, holding: CountedHolding | null): string[] {
  if (holding === null || holding.value < 1) return [];
  const { value, haircut, counted } = holding;
  const { move, premium, depeg, total } = haircut;
  const parts = `move ${percent(move)}, selling ${percent(premium)}, depeg ${percent(depeg)}`;
  return [`${name}: ${dollars(value)} counts for ${dollars(counted)}, haircut ${percent(total)} (${parts})`];
}

function wordsOf(what: string, concentration: Concentration | null): string[] {
  return concentration === null ? [] : [`${concentration.effective.toFixed(1)} equal ${what}`];
}
