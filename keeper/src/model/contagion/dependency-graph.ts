import { KeeperError } from "../../errors.js";

/** What can fail. "hedge" is the state of being hedged: it fails only through what it depends on. */
export const COMPONENT_KINDS = ["oracle", "sequencer", "bridge", "venue", "stable", "keeper", "pool", "hedge"] as const;
export type ComponentKind = (typeof COMPONENT_KINDS)[number];

/** Something that a vault depends on. */
export interface Component {
  readonly id: string;
  readonly kind: ComponentKind;
  /** Failures by itself, a year of its being up; their times are exponential. */
  readonly failuresPerYear: number;
  /** Mean time until it works again, hours; exponential; null for never. */
  readonly repairHours: number | null;
  /** What a failure takes from the holders, share of NAV; lost for good, and once where it is never repaired. */
  readonly loss: number;
  /** What is meant by its failure. */
  readonly meaning: string;
}

/** A failure that may bring about another. */
export interface Dependency {
  readonly from: string;
  readonly to: string;
  /** That `to` fails, given that `from` failed and was not repaired within the delay. */
  readonly probability: number;
  readonly delayHours: number;
}

/** Components and how failures spread among them; circles are allowed. */
export interface DependencyGraph {
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
  /** Yearly volatility of NAV while "hedge" components are down: each such spell takes or gives a normal move. */
  readonly unhedgedVolatility: number;
  /** Holders' loss, share of NAV, from which on the vault counts as insolvent. */
  readonly insolvencyLoss: number;
}

/** @throws {KeeperError} A graph that means nothing */
export function checkGraph({ components, dependencies, unhedgedVolatility, insolvencyLoss }: DependencyGraph): void {
  const ids = new Set(components.map(({ id }) => id));
  if (ids.size !== components.length) {
    throw new KeeperError("Two components of the dependency graph have one name.", "Give each a name of its own.");
  }
  for (const { id, failuresPerYear, repairHours, loss } of components) {
    const repaired = repairHours === null || (repairHours >= 0 && Number.isFinite(repairHours));
    if (!(failuresPerYear >= 0 && Number.isFinite(failuresPerYear) && repaired && loss >= 0 && loss <= 1)) {
      throw new KeeperError(
        `The figures of ${id} in the dependency graph are impossible.`,
        "Give failures a year and hours of repair of 0 or more (null for no repair), and a loss from 0 to 1.",
      );
    }
  }
  for (const { from, to, probability, delayHours } of dependencies) {
    if (!ids.has(from) || !ids.has(to)) {
      throw new KeeperError(
        `The dependency of ${to} on ${from} names no component.`,
        `Name two of: ${[...ids].join(", ")}.`,
      );
    }
    if (!(probability >= 0 && probability <= 1 && delayHours >= 0)) {
      throw new KeeperError(
        `The dependency of ${to} on ${from} is impossible.`,
        "Give a probability from 0 to 1 and a delay of 0 hours or more.",
      );
    }
  }
  if (!(unhedgedVolatility >= 0 && insolvencyLoss > 0 && insolvencyLoss <= 1)) {
    throw new KeeperError(
      "The dependency graph's volatility or the loss of its insolvency is impossible.",
      "Give a volatility of 0 or more, and a loss above 0, up to 1.",
    );
  }
}
