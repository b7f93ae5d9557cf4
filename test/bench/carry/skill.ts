import { Skill } from "../shifts/skill.js";
import type { KnownDay } from "./known-days.js";

const AHEAD = 7;

/**
 * Out-of-sample R² of the forecast of the next seven days against the mean of the past, on days within [from, to].
 *
 * @param every 1: weeks that overlap; 7: weeks that do not
 * @param offset Which of them, below `every`
 */
export function weeklySkill(days: readonly KnownDay[], from: number, to: number, every = 1, offset = 0): Skill {
  const skill = new Skill();
  days.forEach(({ day, forecast, mean }, i) => {
    const week = days.slice(i + 1, i + 1 + AHEAD);
    if (forecast === null || day < from || day + AHEAD > to || day % every !== offset) return;
    if (week.length < AHEAD || week.at(-1)!.day !== day + AHEAD || week.some(({ rate }) => rate === null)) return;
    skill.judge(week.reduce((sum, { rate }) => sum + rate!, 0) / AHEAD, forecast, mean);
  });
  return skill;
}
