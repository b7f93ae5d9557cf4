/**
 * One thing whose gas is measured.
 * @property gas Of the whole transaction, its 21,000 included
 * @property floor The same venue calls made directly by a plain contract with no vault around them
 * @property most What it may cost at most
 * @property goal What it should cost, where that is not reached
 */
export type Figure = { name: string; gas: number; floor?: number; most?: Bound; goal?: Bound };

/** Gas, or a share of the floor. */
export type Bound = { gas: number } | { ratio: number };

/** Measures on a chain of its own, so that cases do not warm or move one another. */
export type GasCase = () => Promise<Figure[]>;

export const ratioOf = ({ gas, floor }: Figure): number | undefined =>
  floor === undefined ? undefined : Math.round((gas / floor) * 1000) / 1000;

/** True where the figure keeps what it may cost; a figure without a bound always does. */
export function keeps(figure: Figure): boolean {
  if (figure.most === undefined) return true;
  if ("gas" in figure.most) return figure.gas <= figure.most.gas;
  const ratio = ratioOf(figure);
  return ratio !== undefined && ratio <= figure.most.ratio;
}
