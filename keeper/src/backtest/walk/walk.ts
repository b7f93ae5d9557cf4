import { canGuard } from "../../model/breakdown/guard.js";
import { createLearner } from "../learn/create-learner.js";
import type { Observations } from "../learn/learner.js";
import { findMethod } from "../learn/registry.js";
import { createWatcher, type Watch } from "./watch.js";

/** One asset's walk through time; plain data. */
export interface WalkTask {
  readonly observations: Observations;
  readonly hedges: number;
  readonly methods: readonly string[];
  /** When is decided, unix seconds, ascending. */
  readonly times: Float64Array;
  /** A decision at t sees only what is stamped before t minus this, seconds. */
  readonly latency: number;
}

/** Betas by method: `[decision · hedges + hedge]`, NaN as long as too little is known. */
export type Decisions = Readonly<Record<string, Float64Array>>;

/** What came of one asset's walk; plain data. */
export interface Walk {
  readonly decisions: Decisions;
  /** Of the methods that watch whether the relation holds. */
  readonly watches: Readonly<Record<string, Watch>>;
}

/**
 * Walk-forward decisions of every method for one asset, each from nothing but what was known by then.
 *
 * @param onDecisions Told how many more decisions are made, for progress
 */
export function walk(task: WalkTask, onDecisions: (more: number) => void = () => {}): Walk {
  const { observations, hedges, methods, times, latency } = task;
  const models = methods.map((name) => findMethod(name)(hedges));
  const learners = models.map((model) => createLearner(model, observations));
  const watchers = models.map((model) => (canGuard(model) ? createWatcher(model, times) : undefined));
  const decisions = methods.map(() => new Float64Array(times.length * hedges).fill(Number.NaN));
  times.forEach((time, at) => {
    learners.forEach((learner, m) => {
      learner.advance(time - latency);
      const betas = learner.betas();
      if (betas !== null) decisions[m]!.set(betas, at * hedges);
      watchers[m]?.note(at);
    });
    onDecisions(1);
  });
  return {
    decisions: Object.fromEntries(methods.map((name, m) => [name, decisions[m]!])),
    watches: Object.fromEntries(methods.flatMap((name, m) => (watchers[m] ? [[name, watchers[m].watch()]] : []))),
  };
}
