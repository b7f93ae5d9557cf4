import { FilteredMoves } from "./filtered-moves.js";
import { HourlyReturns } from "./hourly-returns.js";

/** How far up an asset may move within a time. */
export interface ExpectedMove {
  /** Log move that margin is sized for, {@link FilteredMoves.marginMove}; null where the history is too short. */
  readonly move: number | null;
  /** Windows of that time that are known, one for each hour. */
  readonly windows: number;
}

/** Which move is asked for. */
export interface MoveQuestion {
  readonly horizonHours: number;
  /** In (0, 1). */
  readonly exceedance: number;
}

/** The upward moves of the assets that are shorted, from the ticks of their feeds. */
export class ExpectedMoves {
  readonly #question: MoveQuestion;
  readonly #learned: ReadonlyMap<number, { readonly moves: FilteredMoves; readonly hours: HourlyReturns }>;

  /** @param assets Indices of those that are followed */
  constructor(assets: readonly number[], question: MoveQuestion) {
    this.#question = question;
    this.#learned = new Map(
      assets.map((asset) => {
        const moves = new FilteredMoves({ horizonHours: question.horizonHours });
        return [asset, { moves, hours: new HourlyReturns((value) => moves.add(value)) }];
      }),
    );
  }

  /** Take in one price of any asset; prices come in the order of time. */
  observe(asset: number, time: number, logPrice: number): void {
    for (const [followed, { hours }] of this.#learned) {
      if (followed === asset) hours.observe(time, logPrice);
      else hours.advance(time);
    }
  }

  /** Null for an asset that is not followed. */
  of(asset: number): ExpectedMove | null {
    const moves = this.#learned.get(asset)?.moves;
    if (moves === undefined) return null;
    return { move: moves.marginMove(this.#question.exceedance), windows: moves.windows };
  }
}
