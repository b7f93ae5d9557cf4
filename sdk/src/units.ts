import { formatUnits, parseUnits } from "ethers";
import { CrosshedgeError } from "./errors/CrosshedgeError.js";

/** US dollars, 1e18 = 1 dollar, signed. */
export type Usd18 = bigint;
/** A ratio, 1e18 = 100%. */
export type Ratio18 = bigint;
/** An amount of a token in its smallest units. */
export type TokenAmount = bigint;
/** Amounts by checksummed token address. */
export type TokenAmounts = Record<string, TokenAmount>;

/** 1.0 in every figure with 18 decimals. */
export const ONE = 10n ** 18n;

/** Thousands that are separated are so throughout, and before the decimal point. */
const GROUPED = /^-?\d{1,3}([,_]\d{3})+(\.\d*)?$/;

function parse(text: string, decimals: number, what: string): bigint {
  const written = text.trim();
  try {
    return parseUnits(GROUPED.test(written) ? written.replaceAll(/[,_]/g, "") : written, decimals);
  } catch (cause) {
    throw new CrosshedgeError("BAD_ARGUMENT", `"${text}" is not ${what} with at most ${decimals} decimals.`, { cause });
  }
}

/** Rounded half away from zero to `digits` decimals, with thousands separated. */
function fixed(value: bigint, decimals: number, digits: number): string {
  const shown = Math.min(digits, decimals);
  const step = 10n ** BigInt(decimals - shown);
  const magnitude = value < 0n ? -value : value;
  const rounded = (magnitude + step / 2n) / step;
  const [whole = "0", fraction = ""] = formatUnits(rounded, shown).split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  const text = shown === 0 ? grouped : `${grouped}.${fraction.padEnd(shown, "0")}`;
  return value < 0n && rounded !== 0n ? `-${text}` : text;
}

/** Dollars from text. @example parseUsd("1,250.50") // 1250500000000000000000n */
export function parseUsd(text: string): Usd18 {
  return parse(text.replace("$", ""), 18, "an amount of dollars");
}

/** Dollars as text, rounded to `digits`. @example formatUsd(-1250500000000000000000n) // "-$1,250.50" */
export function formatUsd(value: Usd18, digits = 2): string {
  const text = fixed(value, 18, digits);
  return text.startsWith("-") ? `-$${text.slice(1)}` : `$${text}`;
}

/** Token units from text. @example parseToken("1.5", 6) // 1500000n */
export function parseToken(text: string, decimals: number): TokenAmount {
  return parse(text, decimals, "an amount");
}

/** Token units as text, rounded to `digits`. @example formatToken(1500000n, 6, 2) // "1.50" */
export function formatToken(amount: TokenAmount, decimals: number, digits = decimals): string {
  return fixed(amount, decimals, digits);
}

/** A ratio from text in percent. @example parsePercent("0.5") // 5000000000000000n */
export function parsePercent(text: string): Ratio18 {
  return parse(text.replace("%", ""), 16, "a percentage");
}

/** A ratio as text in percent, rounded to `digits`. @example formatPercent(123400000000000000n) // "12.34%" */
export function formatPercent(ratio: Ratio18, digits = 2): string {
  return `${fixed(ratio, 16, digits)}%`;
}

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** A time in its nearest unit. @example formatDuration(5_400) // "90 min" */
export function formatDuration(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 2 * MINUTE) return `${Math.round(seconds)} s`;
  if (size < 2 * HOUR) return `${Math.round(seconds / MINUTE)} min`;
  const [unit, name] = size < 2 * DAY ? [HOUR, "h"] : [DAY, "days"];
  return `${(seconds / unit).toFixed(1)} ${name}`;
}

/**
 * What an amount of a token is worth, rounded towards zero.
 *
 * @param amount Token units
 * @param decimals Of the token
 * @param price USD per whole token, 1e18
 */
export function usdValue(amount: TokenAmount, decimals: number, price: Usd18): Usd18 {
  return (amount * price) / 10n ** BigInt(decimals);
}
