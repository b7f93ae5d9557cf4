/** Seconds. */
export const HOUR = 3600;
export const DAY = 86_400;
export const HOURS_A_YEAR = 8760;

/** "2022-05-01T13:00:00Z". */
export function iso(time: number): string {
  return `${new Date(time * 1000).toISOString().slice(0, 19)}Z`;
}

/** Unix seconds of a UTC stamp such as 2022-05-01T13:00:00Z; NaN for any other text. */
export function parseStamp(text: string): number {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.0+)?Z$/.test(text) ? Date.parse(text) / 1000 : Number.NaN;
}
