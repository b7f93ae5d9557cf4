import { betas } from "../beta.js";
import type { BetaModel } from "./beta-model.js";

/** Makes a model for one asset and this many hedges. */
export type MethodFactory = (hedges: number) => BetaModel;

const DAY = 86_400;

/** One to one against the first hedge, whatever the data say. */
function naive(hedges: number): BetaModel {
  const ratios = Array.from({ length: hedges }, (_, i) => (i === 0 ? 1 : 0));
  return { update() {}, betas: () => ratios };
}

/** Second moments that forget by half in `halfLife` seconds; betas by regression on them. */
function ewma(halfLife: number): MethodFactory {
  return (hedges) => {
    const size = hedges + 1;
    const moments = Array.from({ length: size }, () => new Array<number>(size).fill(0));
    let seen = 0;
    return {
      update(_time, elapsed, asset, returns) {
        const kept = 2 ** (-elapsed / halfLife);
        const all = [asset, ...returns];
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++) moments[i]![j] = kept * moments[i]![j]! + all[i]! * all[j]!;
        seen += elapsed;
      },
      betas() {
        if (seen < 7 * DAY) return null;
        return betas(
          moments,
          Array.from({ length: hedges }, (_, j) => j + 1),
        )[0]!;
      },
    };
  };
}

/** Every method by name. */
export const METHODS: Readonly<Record<string, MethodFactory>> = { naive, ewma7: ewma(7 * DAY), ewma14: ewma(14 * DAY) };

/** The method that is meant where none is named. */
export const DEFAULT_METHOD = "ewma14";
