import { keccak256, toUtf8Bytes } from "ethers";

/** JSON with keys in order: equal values give equal text. Integers of any size and figures that JSON does not have keep their type. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

/** What a canonical text was made from. */
export function parseCanonical(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => revived(value));
}

/** keccak256 of the canonical JSON. */
export function hashOf(value: unknown): string {
  return hashOfText(canonicalJson(value));
}

/** keccak256 of a text. */
export function hashOfText(text: string): string {
  return keccak256(toUtf8Bytes(text));
}

/** Keys that no value of the keeper has. */
const BIG = "$big";
const NUMBER = "$number";

function sorted(value: unknown): unknown {
  if (typeof value === "bigint") return { [BIG]: value.toString() };
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { [NUMBER]: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

function revived(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (BIG in value) return BigInt(value[BIG] as string);
  return NUMBER in value ? Number(value[NUMBER]) : value;
}
