import { type Chart, type Line, percent, plain } from "../../report/index.js";
import type { Books } from "../account/strategies.js";
import type { Outcome } from "../run/run-backtest.js";
import { type DailySquares, dailySquares } from "../score/daily-losses.js";
import { HOUR, HOURS_A_YEAR } from "../time.js";
import { type Contender, contenders } from "./contenders.js";
import { basket, type Days, daysOf, drawdowns, growthOf100, rollingSum, runningTotal } from "./days.js";

/** Days behind each point of a rolling figure. */
export const WINDOW = 30;
const HEDGE_COLORS = ["var(--a)", "var(--b)", "var(--c)", "var(--d)", "var(--e)"];
const HEDGE_DASHES = [undefined, "8 3", "3 2", "1 3", "6 2 1 2"];

const fine = (value: number): string => percent(value);
const coarse = (value: number): string => percent(value, 0);

/** All charts of a report but the assets' own, by name. */
export function chartsOf(outcome: Outcome) {
  const books = [...outcome.books.values()];
  const days = daysOf(books);
  const compared = contenders(outcome.scores.summary.default);
  const [method, naive] = [compared[0]!, compared[1]!];
  const bare = ({ hours }: Books): Float64Array => hours.unhedged.map((value, hour) => value - hours.upkeep[hour]!);
  const returns = [
    { name: "unhedged", color: "var(--unhedged)", dash: "8 3", values: basket(books, days, bare) },
    ...[naive, method].map(({ ledger, ...line }) => ({
      ...line,
      values: basket(books, days, (book) => ledger(book).net),
    })),
  ];
  const lines = (of: (values: Float64Array) => number[]): Line[] => {
    return returns.map(({ values, ...line }) => ({ ...line, values: of(values) }));
  };
  const { times } = days;
  return {
    growth: {
      title: "What 100 USD became",
      note: "Equal parts of all assets, after costs and funding; the hedge's profit is spread over the notional.",
      unit: "USD",
      times,
      lines: lines(growthOf100),
      format: (value: number) => plain(value),
    },
    drawdown: {
      title: "Drawdown",
      note: "How far the same basket was below its peak.",
      unit: "% of the peak",
      times,
      lines: lines((values) => drawdowns(growthOf100(values))),
      format: fine,
      axis: coarse,
      zero: true,
    },
    ...rolling(books, days, compared),
    betas: betaChart(outcome, days),
    costs: costChart(books, days, method),
    turnover: turnoverChart(books, days, compared.slice(0, 2)),
  } satisfies Record<string, Chart>;
}

/** Effectiveness and volatility over the last days, means over the assets. */
function rolling(books: readonly Books[], days: Days, compared: readonly Contender[]) {
  const span = { start: days.start, days: days.times.length - 1, net: true };
  const mean = (of: readonly (readonly (number | null)[])[]): (number | null)[] =>
    days.times.map((_, at) => {
      const known = of.flatMap((series) => (series[at] === null || series[at] === undefined ? [] : [series[at]]));
      return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
    });
  const squares = compared.map(({ ledger }) => books.map((book) => dailySquares(book, ledger(book), span)));
  const effect = ({ unhedged, hedged }: DailySquares): (number | null)[] => {
    const below = rollingSum(unhedged, WINDOW);
    return rollingSum(hedged, WINDOW).map((value, i) =>
      value === null || !(below[i]! > 0) ? null : 1 - value / below[i]!,
    );
  };
  const yearly = (daily: Float64Array): (number | null)[] =>
    rollingSum(daily, WINDOW).map((sum) =>
      sum === null || !(sum > 0) ? null : Math.sqrt((sum / (WINDOW * 24)) * HOURS_A_YEAR),
    );
  const volatility = (name: string, color: string, dash: string | undefined, of: readonly Float64Array[]): Line => {
    return { name, color, ...(dash === undefined ? {} : { dash }), values: mean(of.map(yearly)) };
  };
  const [method, naive] = [compared[0]!, compared[1]!];
  return {
    effectiveness: {
      title: "Hedge effectiveness",
      note: `Over the last ${WINDOW} days, net, mean over the assets. The last two need hindsight.`,
      unit: "% of the hourly variance",
      times: days.times,
      lines: compared.map(({ name, color, dash }, i) => {
        return { name, color, ...(dash === undefined ? {} : { dash }), values: mean(squares[i]!.map(effect)) };
      }),
      format: fine,
      axis: coarse,
    },
    volatility: {
      title: "Volatility, hedged and unhedged",
      note: `Over the last ${WINDOW} days, mean over the assets.`,
      unit: "% a year",
      times: days.times,
      lines: [
        volatility(
          "unhedged",
          "var(--unhedged)",
          "8 3",
          squares[0]!.map(({ unhedged }) => unhedged),
        ),
        volatility(
          naive.name,
          naive.color,
          naive.dash,
          squares[1]!.map(({ hedged }) => hedged),
        ),
        volatility(
          method.name,
          method.color,
          method.dash,
          squares[0]!.map(({ hedged }) => hedged),
        ),
      ],
      format: fine,
      axis: coarse,
      zero: true,
    },
  };
}

/** What was short at each midnight, or at the end; null before an asset's first decision. */
function heldByDay(outcome: Outcome, asset: string, { times }: Days, hedge: number): (number | null)[] {
  const { hours, methods } = outcome.books.get(asset)!;
  const { held } = methods[outcome.scores.summary.default]!;
  const size = hours.legs.length;
  return times.map((time) => {
    const hour = Math.min((time - hours.start) / HOUR, hours.unhedged.length - 1);
    return hour < 0 ? null : held[hour * size + hedge]!;
  });
}

/** Mean over the assets by hedge, with the range of the assets of the first. */
function betaChart(outcome: Outcome, days: Days): Chart {
  const hedges = [...new Set(outcome.cases.flatMap((of) => of.hedges))];
  const alone = outcome.settings.lp === "own";
  const names = alone ? ["own perp"] : hedges;
  const series = names.map((name) =>
    outcome.cases.flatMap(({ asset, hedges: own }) => {
      const at = alone ? 0 : own.indexOf(name);
      return at === -1 ? [] : [heldByDay(outcome, asset, days, at)];
    }),
  );
  const at = (of: readonly (readonly (number | null)[])[], day: number): number[] =>
    of.flatMap((values) => (values[day] === null ? [] : [values[day]!])).sort((a, b) => a - b);
  const overAssets = (of: readonly (readonly (number | null)[])[], measure: (sorted: number[]) => number) =>
    days.times.map((_, day) => {
      const sorted = at(of, day);
      return sorted.length === 0 ? null : measure(sorted);
    });
  return {
    title: "Hedge ratios through time",
    note: "USD short for one USD of notional, mean over the assets.",
    unit: "USD",
    times: days.times,
    lines: names.map((name, j) => ({
      name,
      color: HEDGE_COLORS[j % HEDGE_COLORS.length]!,
      ...dashed(j),
      values: overAssets(series[j]!, (sorted) => sorted.reduce((sum, value) => sum + value, 0) / sorted.length),
    })),
    ...(outcome.cases.length > 2 && {
      band: {
        name: `${names[0]}, the middle 80% of the assets`,
        lower: overAssets(series[0]!, (sorted) => sorted[Math.floor(0.1 * (sorted.length - 1))]!),
        upper: overAssets(series[0]!, (sorted) => sorted[Math.ceil(0.9 * (sorted.length - 1))]!),
      },
    }),
    format: (value) => plain(value),
    zero: true,
  };
}

function dashed(j: number): { dash?: string } {
  const dash = HEDGE_DASHES[j % HEDGE_DASHES.length];
  return dash === undefined ? {} : { dash };
}

/** The ratios of one asset. */
export function assetChart(outcome: Outcome, asset: string): Chart {
  const days = daysOf([...outcome.books.values()]);
  const { hedges } = outcome.cases.find((of) => of.asset === asset)!;
  const { he } = outcome.scores.summary.methods[outcome.scores.summary.default]![asset]!;
  return {
    title: asset,
    note: `Effectiveness ${percent(he)} before costs.`,
    unit: "USD short for one USD",
    times: days.times,
    lines: hedges.map((name, j) => {
      const color = HEDGE_COLORS[j % HEDGE_COLORS.length]!;
      return { name, color, ...dashed(j), values: heldByDay(outcome, asset, days, j) };
    }),
    format: (value) => plain(value),
    zero: true,
  };
}

function costChart(books: readonly Books[], days: Days, method: Contender): Chart {
  const parts: [string, (books: Books) => Float64Array | Float32Array][] = [
    ["trading of the hedge", (book) => method.ledger(book).costs],
    ["funding received", (book) => method.ledger(book).funding],
    ["re-centring less fees", ({ hours }) => hours.upkeep],
  ];
  const lines = parts.map(([name, of], i) => {
    return { name, color: HEDGE_COLORS[i]!, ...dashed(i), values: runningTotal(basket(books, days, of)) };
  });
  return {
    title: "Costs of the hedge, and its funding",
    note: `Running totals of ${method.name}, mean over the assets.`,
    unit: "% of the notional",
    times: days.times,
    lines: lines.filter(({ values }, i) => i < 2 || values.some((value) => value !== 0)),
    format: (value) => percent(value, 2),
    axis: (value) => percent(value),
    zero: true,
  };
}

function turnoverChart(books: readonly Books[], days: Days, compared: readonly Contender[]): Chart {
  return {
    title: "Turnover",
    note: `USD traded a day for one USD of notional, over the last ${WINDOW} days, mean over the assets.`,
    unit: "a day",
    times: days.times,
    lines: compared.map(({ name, color, dash, ledger }) => {
      const totals = runningTotal(basket(books, days, (book) => ledger(book).traded));
      const values = totals.map((total, day) => (day < WINDOW ? null : (total - totals[day - WINDOW]!) / WINDOW));
      return { name, color, ...(dash === undefined ? {} : { dash }), values };
    }),
    format: (value) => plain(value, 3),
    zero: true,
  };
}
