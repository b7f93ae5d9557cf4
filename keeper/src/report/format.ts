const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const NONE = "n/a";
const MINUS = "\u2212";

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}

const COMPACT = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 4 });
const BY_DIGITS = new Map<number, Intl.NumberFormat>();

/** A format costs a hundred times what formatting does. */
function fixed(digits: number): Intl.NumberFormat {
  let format = BY_DIGITS.get(digits);
  if (format === undefined) {
    format = new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    BY_DIGITS.set(digits, format);
  }
  return format;
}

function number(value: number, digits: number): string {
  const text = fixed(digits).format(value);
  return /[1-9]/.test(text) ? text.replace("-", MINUS) : text.replace("-", "");
}

/** 12345.6 -> "$12,346", −3.2 -> "−$3.20". */
export function usd(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  const digits = Math.abs(value) < 100 ? 2 : 0;
  const text = number(Math.abs(value), digits);
  return value < 0 && /[1-9]/.test(text) ? `${MINUS}$${text}` : `$${text}`;
}

/** 0.4567 -> "45.7%". */
export function percent(value: number | null, digits = 1): string {
  return value === null || !Number.isFinite(value) ? NONE : `${number(value * 100, digits)}%`;
}

export function plain(value: number | null, digits = 2): string {
  return value === null || !Number.isFinite(value) ? NONE : number(value, digits);
}

/** Short enough for an axis: 1234567 -> "1.2M". */
export function compact(value: number): string {
  return COMPACT.format(value).replace("-", MINUS);
}

/** 1234567 -> "$1.235M". */
export function usdCompact(value: number): string {
  return value < 0 ? `${MINUS}$${compact(-value)}` : `$${compact(value)}`;
}

/** "2022-05-01 13:00", UTC. */
export function minuteUtc(time: number): string {
  return new Date(time * 1000).toISOString().slice(0, 16).replace("T", " ");
}

/** "1 May", UTC. */
export function dayUtc(time: number): string {
  return new Date(time * 1000).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
}

/** "May 2022", UTC. */
export function monthUtc(time: number): string {
  return new Date(time * 1000).toLocaleDateString("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });
}

/** Whether a time is on the first day of a month, UTC. */
export function isFirstOfMonth(time: number): boolean {
  return new Date(time * 1000).getUTCDate() === 1;
}
