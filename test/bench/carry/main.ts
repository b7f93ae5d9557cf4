/**
 * `npm run calibrate:carry -- FILE`: how good the forecast of funding is, what keeper/src/model/carry/carry-coefficients.ts should say by the
 * funding of 2019-09 to 2021-03, and what a carry position by that rule brings later, beside one that is always held and the best in hindsight.
 */
import path from "node:path";
import { Command } from "commander";
import { readTable } from "../../../keeper/src/backtest/data/read-table.js";
import { CAUTION, HALF_LIVES } from "../../../keeper/src/model/carry/carry-coefficients.js";
import type { CarryTerms } from "../../../keeper/src/model/carry/carry-rule.js";
import { stopWithError } from "../stop-with-error.js";
import { knownDays } from "./known-days.js";
import { account, byRule, bySign, type HeldDay, heldDays, withForesight } from "./positions.js";
import { weeklySkill } from "./skill.js";

/** What money tied up could earn, a year. */
const OPPORTUNITY = 0.03;
/** On an exchange, and in a vault: a pool of 0.3% and a perp of 0.1%. */
const ROUND_TRIPS = [0.002, 0.008];
const GRID = { halfLives: [2, 4, 8, 16, 32], caution: [0, 0.25, 0.5, 1, 1.65] };
const dayOf = (text: string): number => Date.parse(text) / 86_400_000;
const CHOSEN_TO = dayOf("2021-03-31");
const PERIODS = [
  ["2019-09-01", "2021-03-31"],
  ["2021-04-01", "2023-12-31"],
  ["2024-01-01", "2024-08-31"],
] as const;
const YEARS = [2019, 2020, 2021, 2022, 2023, 2024];

const [file = ""] = new Command("calibrate:carry")
  .description("How good the forecast of funding is, and what the carry rule would have brought.")
  .argument("<file>", "CSV file of funding rates, plain or gzipped, such as ../shared/data/funding_8h.csv.gz")
  .allowExcessArguments(false)
  .parse().args;
const table = await readTable(path.resolve(file), "rate").catch(stopWithError);
const assets = [...table.columns.keys()];
const days = new Map(assets.map((asset) => [asset, knownDays(table, asset, GRID.halfLives)]));
const percent = (value: number): string => `${(100 * value).toFixed(1)}%`.padStart(9);
const r2 = (value: number): string => (Number.isNaN(value) ? "    -" : value.toFixed(3));

console.log(
  "R² of the forecast of the next 7 days against the mean of the past: weeks that overlap; that do not, mean of 7 offsets",
);
for (const asset of ["BTC", "ETH"].filter((name) => days.has(name))) {
  for (const [from, to] of [["2019-09-01", "2024-08-31"], ...PERIODS] as const) {
    const skill = (every: number, offset: number) =>
      weeklySkill(days.get(asset)!, dayOf(from), dayOf(to), every, offset);
    const apart = Array.from({ length: 7 }, (_, offset) => skill(7, offset).r2);
    const mean = apart.reduce((sum, value) => sum + value, 0) / 7;
    const span = `${r2(Math.min(...apart))} to ${r2(Math.max(...apart))}`;
    console.log(
      `  ${asset} ${from} to ${to}  ${r2(skill(1, 0).r2)} (${skill(1, 0).count} days)  ${r2(mean)} (${span})`,
    );
  }
}

type Rule = (of: readonly HeldDay[], terms: CarryTerms) => boolean[];
const always: Rule = (of) => of.map(() => true);

/** What a rule brings on days from one to another, sum over assets of shares of the size. */
function brought(rule: Rule, names: readonly string[], lives: number, terms: CarryTerms, from: number, to: number) {
  let [total, changes, held] = [0, 0, 0];
  for (const name of names) {
    const all = heldDays(days.get(name)!, lives, terms.opportunity);
    const positions = rule(all, terms);
    const { net } = account(all, positions, terms);
    all.forEach(({ day }, i) => {
      if (day < from || day > to) return;
      total += net[i]!;
      held += positions[i] ? 1 : 0;
      changes += positions[i] !== (positions[i - 1] ?? false) ? 1 : 0;
    });
  }
  return { total, changes, held };
}

console.log(
  "\nBrought by the rule to 2021-03, mean of assets and of both costs, by half-lives held (down) and caution (across)",
);
const byChoice = GRID.halfLives.map((lives) =>
  GRID.caution.map((caution) => {
    const sums = ROUND_TRIPS.map((roundTrip) => {
      const terms = { roundTrip, opportunity: OPPORTUNITY, caution };
      return brought(byRule, assets, lives, terms, 0, CHOSEN_TO).total;
    });
    return sums.reduce((sum, value) => sum + value, 0) / sums.length / assets.length;
  }),
);
console.log(`         ${GRID.caution.map((value) => String(value).padStart(9)).join("")}`);
for (const [i, row] of byChoice.entries()) {
  console.log(`  ${String(GRID.halfLives[i]).padStart(7)}${row.map(percent).join("")}`);
}
const best = Math.max(...byChoice.flat());
const at = byChoice.findIndex((row) => row.includes(best));
console.log(
  `Best: ${GRID.halfLives[at]} half-lives, caution ${GRID.caution[byChoice[at]!.indexOf(best)]}; taken: ${HALF_LIVES}, ${CAUTION}`,
);

const groups = [["BTC"], ["ETH"], assets.filter((name) => name !== "BTC" && name !== "ETH")];
for (const roundTrip of ROUND_TRIPS) {
  const terms = { roundTrip, opportunity: OPPORTUNITY, caution: CAUTION };
  console.log(
    `\nRound trip ${percent(roundTrip).trim()}: brought net (share of the size, mean of assets), changes and days held of the rule`,
  );
  console.log("                          rule   always     sign   foresight  of foresight");
  for (const names of groups) {
    const label = names.length === 1 ? names[0]! : `${names.length} others`;
    const spans = [
      ...YEARS.map((year) => [String(year), dayOf(`${year}-01-01`), dayOf(`${year}-12-31`)] as const),
      ...PERIODS.map(([from, to]) => [`${from.slice(0, 7)}..${to.slice(0, 7)}`, dayOf(from), dayOf(to)] as const),
    ];
    for (const [span, from, to] of spans) {
      const of = (rule: Rule) => brought(rule, names, HALF_LIVES, terms, from, to);
      const [rule, held, sign, foresight] = [byRule, always, bySign, withForesight].map(of) as ReturnType<typeof of>[];
      if (held!.held === 0) continue;
      const figures = [rule!, held!, sign!, foresight!].map(({ total }) => percent(total / names.length)).join("");
      const share = foresight!.total > 0.02 * names.length ? percent(rule!.total / foresight!.total) : "        -";
      console.log(
        `  ${label.padEnd(10)}${span.padEnd(17)}${figures}  ${share}  ${rule!.changes}, ${rule!.held} of ${held!.held}`,
      );
    }
  }
}
