import { KeeperError } from "../../errors.js";
import type { Component, ComponentKind, Dependency, DependencyGraph } from "../../model/contagion/dependency-graph.js";
import { type FailureOverrides, FIGURES, INSOLVENCY_LOSS, ROLLUP_VENUES, SLIP, SPREADS } from "./failure-figures.js";
import { clearVaults, type OutsideLosses, type VaultClaims } from "./vault-network.js";

/** What a vault's dependency graph is made of. */
export interface VaultDependencies {
  readonly claims: VaultClaims;
  /** Symbols of the assets whose price the vault needs. */
  readonly feeds: readonly string[];
  /** By venue: part of all shorts that it holds. */
  readonly shorts: Readonly<Record<string, number>>;
  /** By name of the pool: what is in it, share of NAV. */
  readonly pools: Readonly<Record<string, number>>;
  /** Yearly, of NAV, without the hedge. */
  readonly unhedgedVolatility: number;
}

/** Other figures of components, links and the insolvency. */
export type GraphOverrides = Omit<FailureOverrides, "unhedgedVolatility">;

/** Holders' loss by such failures, share of what they have. */
function lossOf(claims: VaultClaims, losses: OutsideLosses): number {
  const whole = clearVaults([claims], {}).holders[claims.name]!;
  return whole > 0 ? Math.max(0, 1 - clearVaults([claims], losses).holders[claims.name]! / whole) : 0;
}

/** The graph of what a vault depends on: its feeds, venues, stables, pools and keeper; each loss follows from what the vault has there. */
export function vaultGraph(vault: VaultDependencies, overrides: GraphOverrides): DependencyGraph {
  const { claims } = vault;
  const components: Component[] = [];
  const dependencies: Dependency[] = [];
  const add = (id: string, kind: ComponentKind, figures: keyof typeof FIGURES, loss = 0): void => {
    components.push({ id, kind, loss, ...FIGURES[figures] });
  };
  const link = (from: string, to: string, how: keyof typeof SPREADS): void => {
    dependencies.push({ from, to, ...SPREADS[how] });
  };
  const venues = Object.keys(claims.venues);
  const stables = Object.keys(claims.stables);
  add("hedge", "hedge", "hedge");
  add("keeper", "keeper", "keeper");
  link("keeper", "hedge", "keeperMissed");
  for (const symbol of vault.feeds) {
    add(`feed ${symbol}`, "oracle", "feed");
    link(`feed ${symbol}`, "hedge", "drifts");
  }
  for (const name of venues) {
    add(`${name} halts`, "venue", "venueHalts");
    add(`${name} defaults`, "venue", "venueDefaults", lossOf(claims, { venues: { [name]: 1 } }));
    link(`${name} halts`, "hedge", "drifts");
    const held = vault.shorts[name] ?? 0;
    if (held > 0) dependencies.push({ from: `${name} defaults`, to: "hedge", probability: held, delayHours: 0 });
  }
  for (const symbol of stables) {
    add(`${symbol} slips`, "stable", "stableSlips", lossOf(claims, { stables: { [symbol]: SLIP } }));
    add(`${symbol} fails`, "stable", "stableFails", lossOf(claims, { stables: { [symbol]: 0 } }));
    if (symbol !== claims.settlement) continue;
    for (const name of venues) {
      link(`${symbol} slips`, `${name} halts`, "slipHaltsVenue");
      link(`${symbol} slips`, `${name} defaults`, "slipBreaksVenue");
      link(`${symbol} fails`, `${name} defaults`, "failBreaksVenue");
    }
  }
  if (venues.some((name) => ROLLUP_VENUES.includes(name))) {
    add("sequencer", "sequencer", "sequencer");
    link("sequencer", "hedge", "drifts");
    if (stables.includes(claims.settlement)) {
      add("bridge", "bridge", "bridge");
      link("bridge", `${claims.settlement} fails`, "bridgeBreaksStable");
    }
  }
  for (const [name, held] of Object.entries(vault.pools)) {
    add(`pool ${name}`, "pool", "pool", Math.min(1, held));
    link(`pool ${name}`, "hedge", "poolEmpty");
  }
  const { unhedgedVolatility } = vault;
  return overridden(
    { components, dependencies, unhedgedVolatility, insolvencyLoss: overrides.insolvencyLoss ?? INSOLVENCY_LOSS },
    overrides,
  );
}

/** A graph with other figures; components and links that it does not have are added. */
function overridden(graph: DependencyGraph, overrides: GraphOverrides): DependencyGraph {
  const components = [...graph.components];
  for (const [id, figures] of Object.entries(overrides.components)) {
    const given = Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
    const at = components.findIndex((component) => component.id === id);
    if (at >= 0) components[at] = { ...components[at]!, ...given };
    else if (figures.kind === undefined) {
      throw new KeeperError(
        `The vault depends on nothing called "${id}".`,
        `Name one of ${components.map((one) => one.id).join(", ")}, or give the new component a kind.`,
      );
    } else {
      const blank = { failuresPerYear: 0, repairHours: null, loss: 0, meaning: "added by hand" };
      components.push({ ...blank, id, ...given } as Component);
    }
  }
  const dependencies = [...graph.dependencies];
  for (const [name, figures] of Object.entries(overrides.dependencies)) {
    const [from, to] = name.split(" -> ") as [string, string];
    const at = dependencies.findIndex((link) => link.from === from && link.to === to);
    if (at >= 0) dependencies[at] = { from, to, ...figures };
    else dependencies.push({ from, to, ...figures });
  }
  return { ...graph, components, dependencies };
}
