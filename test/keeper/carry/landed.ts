import { replay } from "../../../keeper/src/plan/arrange.js";
import { openBook } from "../../../keeper/src/plan/book.js";
import type { PlanDecision } from "../../../keeper/src/plan/build-plan.js";
import { measureBook } from "../../../keeper/src/plan/measure-book.js";
import type { Situation } from "../../../keeper/src/plan/situation.js";
import type { Scene } from "../situation.js";
import { situationOf } from "../situation.js";

/** The situation once a plan has landed: what the vault holds is as predicted, all else is as it was. */
export function landed(situation: Situation, { orders }: Pick<PlanDecision, "orders">): Situation {
  const book = replay(openBook(situation), orders)!;
  const { state, pools } = situation;
  const legs = state.legs.map((leg) => {
    if (leg.kind === "hedge") {
      const { cash, positions } = book.hedges[leg.address]!;
      const now = leg.positions.map((one, i) => {
        const { size, openNotional } = positions[i]!;
        return { ...one, size, openNotional };
      });
      return { ...leg, cash, positions: now };
    }
    if (leg.kind !== "liquidity") return leg;
    const { tickLower, tickUpper, liquidity } = book.pools[leg.address]!;
    return { ...leg, tickLower, tickUpper, liquidity, fees: [0n, 0n] as [bigint, bigint] };
  });
  const assets = state.assets.map((asset, i) => ({ ...asset, idle: book.idle[i]! }));
  const { nav, exposure, hedgeExposure, gammas } = measureBook(book);
  const portfolio = {
    ...state.portfolio,
    ...{ nav, exposure: [...exposure], hedgeExposure: [...hedgeExposure], gammas: [...gammas] },
  };
  // The pool is brought back to the oracle by others.
  return { ...situation, pools, state: { ...state, legs, assets, portfolio } };
}

/** The same vault with another scene around it: its prices, its mode, its funding. */
export function moved(situation: Situation, scene: Scene): Situation {
  const other = situationOf(scene);
  const { legs, assets } = situation.state;
  const held = { ...other.state, legs, assets };
  const book = openBook({ ...other, state: held });
  const { nav, exposure, hedgeExposure, gammas } = measureBook(book);
  const portfolio = {
    ...other.state.portfolio,
    ...{ nav, exposure: [...exposure], hedgeExposure: [...hedgeExposure], gammas: [...gammas] },
  };
  return { ...other, funding: situation.funding, state: { ...held, portfolio } };
}
