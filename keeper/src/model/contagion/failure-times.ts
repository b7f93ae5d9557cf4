import { createRandom, type Random } from "../random.js";
import { checkGraph, type DependencyGraph } from "./dependency-graph.js";

export const HOURS_PER_YEAR = 24 * 365;

export interface FailureTimeOptions {
  readonly paths: number;
  /** How far each path is followed. */
  readonly horizonYears: number;
  readonly seed: number;
}

/** Distribution of a time over the paths, hours. */
export interface TimeDistribution {
  /** Probability that it comes within so many hours. */
  readonly within: readonly { readonly hours: number; readonly probability: number }[];
  /** Null where so many paths do not get there within the horizon. */
  readonly quantiles: readonly { readonly share: number; readonly hours: number | null }[];
  /** Share of the paths that get there within the horizon. */
  readonly reached: number;
}

/** How long a vault stays hedged and solvent. */
export interface FailureTimes {
  readonly unhedged: TimeDistribution;
  readonly insolvent: TimeDistribution;
  /** Share of the time without a hedge, up to the insolvency or the horizon. */
  readonly timeUnhedged: number;
  /** Which failure came first in the chain that ended the hedge or the vault: share of such paths, largest first. */
  readonly unhedgedBy: readonly { readonly id: string; readonly share: number }[];
  readonly insolventBy: readonly { readonly id: string; readonly share: number }[];
}

const WITHIN = [24, 24 * 7, 24 * 30, HOURS_PER_YEAR] as const;
const QUANTILES = [0.01, 0.05, 0.25, 0.5] as const;

interface Event {
  readonly time: number;
  readonly kind: "fails" | "repaired" | "spreads";
  readonly component: number;
  /** How often the component, or the cause, had failed when the event was set: a later repair or failure voids it. */
  readonly count: number;
  /** The cause, for "spreads". */
  readonly cause: number;
}

interface PathEnd {
  readonly unhedged: number;
  readonly insolvent: number;
  readonly unhedgedBy: number;
  readonly insolventBy: number;
  readonly hoursUnhedged: number;
  readonly hours: number;
}

/**
 * Monte Carlo over the failures of a graph: components fail by themselves at exponential times, bring others down after a delay with a
 * probability unless they were repaired before, and are repaired after an exponential time. Unhedged is when a component of the kind "hedge" is
 * down, insolvent when the losses add up to the graph's limit. Pure: the same seed gives the same times.
 *
 * @throws {KeeperError} A graph that means nothing
 */
export function failureTimes(graph: DependencyGraph, { paths, horizonYears, seed }: FailureTimeOptions): FailureTimes {
  checkGraph(graph);
  const random = createRandom(seed);
  const horizon = horizonYears * HOURS_PER_YEAR;
  const links = linksOf(graph);
  const ends = Array.from({ length: paths }, () => walk(graph, links, horizon, random));
  const sum = (of: (end: PathEnd) => number): number => ends.reduce((total, end) => total + of(end), 0);
  const hours = sum((end) => end.hours);
  return {
    unhedged: distribution(ends.map(({ unhedged }) => unhedged)),
    insolvent: distribution(ends.map(({ insolvent }) => insolvent)),
    timeUnhedged: hours > 0 ? sum((end) => end.hoursUnhedged) / hours : 0,
    unhedgedBy: blame(
      graph,
      ends.map(({ unhedgedBy }) => unhedgedBy),
    ),
    insolventBy: blame(
      graph,
      ends.map(({ insolventBy }) => insolventBy),
    ),
  };
}

interface Link {
  /** Of the component that is brought down. */
  readonly index: number;
  readonly probability: number;
  readonly delayHours: number;
}

/** By component: what its failure may bring down. */
function linksOf({ components, dependencies }: DependencyGraph): Link[][] {
  const indexOf = new Map(components.map(({ id }, i) => [id, i]));
  return components.map(({ id }) =>
    dependencies
      .filter(({ from }) => from === id)
      .map(({ to, probability, delayHours }) => ({ index: indexOf.get(to)!, probability, delayHours })),
  );
}

/** One path up to its insolvency or the horizon. */
function walk(graph: DependencyGraph, links: readonly Link[][], horizon: number, random: Random): PathEnd {
  const { components, unhedgedVolatility, insolvencyLoss } = graph;
  const events: Event[] = [];
  const up = components.map(() => true);
  const counts = components.map(() => 0);
  const roots = components.map((_, i) => i);
  let lost = 0;
  let downHedges = 0;
  let spellBegan = 0;
  let spellRoot = -1;
  let hoursUnhedged = 0;
  const end = {
    unhedged: Number.POSITIVE_INFINITY,
    insolvent: Number.POSITIVE_INFINITY,
    unhedgedBy: -1,
    insolventBy: -1,
  };

  const setFailure = (component: number, from: number): void => {
    const rate = components[component]!.failuresPerYear;
    if (rate === 0) return;
    const time = from + (random.exponential() * HOURS_PER_YEAR) / rate;
    if (time <= horizon) events.push({ time, kind: "fails", component, count: counts[component]!, cause: component });
  };
  const lose = (share: number, time: number, root: number): void => {
    lost += share;
    if (lost >= insolvencyLoss && end.insolvent > horizon) Object.assign(end, { insolvent: time, insolventBy: root });
  };
  const fail = (component: number, time: number, root: number): void => {
    if (!up[component]) return;
    const { repairHours, loss, kind } = components[component]!;
    up[component] = false;
    counts[component]! += 1;
    roots[component] = root;
    const count = counts[component]!;
    lose(loss, time, root);
    if (kind === "hedge") {
      if (downHedges === 0) [spellBegan, spellRoot] = [time, root];
      downHedges += 1;
      if (end.unhedged > horizon) Object.assign(end, { unhedged: time, unhedgedBy: root });
    }
    if (repairHours !== null) {
      events.push({
        time: time + random.exponential() * repairHours,
        kind: "repaired",
        component,
        count,
        cause: component,
      });
    }
    for (const { index, probability, delayHours } of links[component]!) {
      if (random.uniform() >= probability) continue;
      if (delayHours === 0) fail(index, time, root);
      else events.push({ time: time + delayHours, kind: "spreads", component: index, count, cause: component });
    }
  };
  const endSpell = (time: number): void => {
    const hours = time - spellBegan;
    hoursUnhedged += hours;
    const move = random.normal() * unhedgedVolatility * Math.sqrt(hours / HOURS_PER_YEAR);
    lose(1 - Math.exp(move), time, spellRoot);
  };

  for (const component of components.keys()) setFailure(component, 0);
  while (events.length > 0 && end.insolvent > horizon) {
    let first = 0;
    for (let i = 1; i < events.length; i += 1) if (events[i]!.time < events[first]!.time) first = i;
    const { time, kind, component, count, cause } = events[first]!;
    events[first] = events.at(-1)!;
    events.pop();
    if (time > horizon) break;
    if (kind === "spreads") {
      if (!up[cause] && counts[cause] === count) fail(component, time, roots[cause]!);
    } else if (kind === "fails") {
      if (up[component] && counts[component] === count) fail(component, time, component);
    } else {
      up[component] = true;
      if (components[component]!.kind === "hedge") {
        downHedges -= 1;
        if (downHedges === 0) endSpell(time);
      }
      setFailure(component, time);
    }
  }
  if (downHedges > 0 && end.insolvent > horizon) endSpell(horizon);
  else if (downHedges > 0) hoursUnhedged += end.insolvent - spellBegan;
  return { ...end, hoursUnhedged, hours: Math.min(end.insolvent, horizon) };
}

function distribution(all: readonly number[]): TimeDistribution {
  const times = all.filter(Number.isFinite).sort((a, b) => a - b);
  const share = (hours: number): number => times.filter((time) => time <= hours).length / all.length;
  return {
    within: WITHIN.map((hours) => ({ hours, probability: share(hours) })),
    quantiles: QUANTILES.map((share) => ({ share, hours: times[Math.ceil(share * all.length) - 1] ?? null })),
    reached: times.length / all.length,
  };
}

function blame(graph: DependencyGraph, roots: readonly number[]): { id: string; share: number }[] {
  const known = roots.filter((root) => root >= 0);
  return graph.components
    .map(({ id }, i) => ({ id, share: known.filter((root) => root === i).length / Math.max(1, known.length) }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
}
