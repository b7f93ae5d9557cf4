import { KeeperError } from "../errors.js";

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** "1.5%" -> 0.015. */
export function readPercentage(value: unknown, path: string): number {
  const digits = typeof value === "string" ? /^(\d+(?:\.\d+)?)\s*%$/.exec(value)?.[1] : undefined;
  if (digits === undefined) throw unreadable(path, value, 'a percentage such as "1.5%"');
  return Number(digits) / 100;
}

/** "26h24m" -> seconds. */
export function readDuration(value: unknown, path: string): number {
  if (typeof value !== "string" || !/^(?:\d+[smhd])+$/.test(value)) {
    throw unreadable(path, value, 'a time such as "8h", "2d" or "26h24m"');
  }
  return [...value.matchAll(/(\d+)([smhd])/g)].reduce((sum, [, n, unit]) => sum + Number(n) * SECONDS[unit!]!, 0);
}

/** A text that is not empty. */
export function readText(value: unknown, path: string): string {
  if (typeof value !== "string" || value === "") throw unreadable(path, value, "a text");
  return value;
}

export function unreadable(path: string, value: unknown, wanted: string): KeeperError {
  const shown = value === undefined ? "nothing" : JSON.stringify(value);
  return new KeeperError(`${path}: expected ${wanted}, got ${shown}.`, "Correct the configuration.");
}
