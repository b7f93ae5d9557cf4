import { keccak256, toUtf8Bytes } from "ethers";

/** JSON with keys in order and integers of any size as decimal strings: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

/** keccak256 of the canonical JSON. */
export function hashOf(value: unknown): string {
  return keccak256(toUtf8Bytes(canonicalJson(value)));
}

function sorted(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
