import { getAddress, parseUnits } from "ethers";
import type { Problems } from "./problems.js";

/** Reads one value of the configuration. A wrong one is a problem, and gives undefined. */
export type Reader<T> = (value: unknown, path: string, problems: Problems) => T | undefined;

type Shape = Record<string, Reader<unknown>>;
export type Read<R> = R extends Reader<infer T> ? T : never;
type ReadShape<S extends Shape> = { [K in keyof S]: Read<S[K]> };

const show = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

/** A value that `parse` understands; undefined or a thrown error means it does not. */
export function scalar<T>(expected: string, parse: (value: unknown) => T | undefined): Reader<T> {
  return (value, path, problems) => {
    let parsed: T | undefined;
    try {
      parsed = parse(value);
    } catch {
      parsed = undefined;
    }
    if (parsed === undefined) problems.add(path, `expected ${expected}, got ${show(value)}.`);
    return parsed;
  };
}

const matched = (value: unknown, pattern: RegExp): string[] | undefined =>
  typeof value === "string" ? (pattern.exec(value)?.slice(1) ?? undefined) : undefined;

export const text = scalar('a text such as "ALT"', (value) =>
  typeof value === "string" && value.trim() !== "" ? value : undefined,
);

/** A whole number, zero or more. */
export const whole = scalar("a whole number such as 600", (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? BigInt(value as number) : undefined,
);

/** "1.5%" as 1e18 = 100%. */
export const percentage = scalar('a percentage such as "1.5%"', (value) => {
  const [digits] = matched(value, /^(\d+(?:\.\d+)?)\s*%$/) ?? [];
  return digits === undefined ? undefined : parseUnits(digits, 16);
});

/** "0.36" as 1e18 = 1.0. */
export const decimal = scalar('a decimal text such as "0.36"', (value) => {
  const [digits] = matched(value, /^(\d+(?:\.\d+)?)$/) ?? [];
  return digits === undefined ? undefined : parseUnits(digits, 18);
});

/** "100,000 USD" as 1e18 = one dollar. */
export const dollars = scalar('dollars such as "100,000 USD"', (value) => {
  const [digits] = matched(value, /^(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?) USD$/) ?? [];
  return digits === undefined ? undefined : parseUnits(digits.replaceAll(",", ""), 18);
});

/** "0.25 years" as 1e18 = one year. */
export const years = scalar('years such as "0.25 years"', (value) => {
  const [digits] = matched(value, /^(\d+(?:\.\d+)?) years$/) ?? [];
  return digits === undefined ? undefined : parseUnits(digits, 18);
});

const SECONDS: Record<string, bigint> = { s: 1n, m: 60n, h: 3_600n, d: 86_400n };

/** "26h24m" in seconds. */
export const duration = scalar('a time such as "8h", "2d" or "26h24m"', (value) => {
  if (matched(value, /^((?:\d+[smhd])+)$/) === undefined) return undefined;
  return [...(value as string).matchAll(/(\d+)([smhd])/g)].reduce(
    (sum, [, amount, unit]) => sum + BigInt(amount as string) * (SECONDS[unit as string] as bigint),
    0n,
  );
});

/** "2024-01-01T00:00:00Z" in unix seconds. */
export const instant = scalar('a time such as "2024-01-01T00:00:00Z"', (value) => {
  const [iso] = matched(value, /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/) ?? [];
  const time = iso === undefined ? Number.NaN : Date.parse(iso);
  return Number.isNaN(time) ? undefined : BigInt(time / 1000);
});

/** An address; one with a wrong checksum is refused. */
export const address = scalar("an address", (value) => getAddress(value as string));

/** One of the names. */
export function oneOf<T extends string>(...names: T[]): Reader<T> {
  return scalar(`one of ${names.map((name) => `"${name}"`).join(", ")}`, (value) =>
    names.find((name) => name === value),
  );
}

/** A list of at least `least` things. */
export function list<T>(read: Reader<T>, least = 1): Reader<T[]> {
  return (value, path, problems) => {
    if (!Array.isArray(value) || value.length < least) {
      problems.add(path, `expected a list of ${least} or more, got ${show(value)}.`);
      return undefined;
    }
    const items = value.map((item, i) => read(item, `${path}[${i}]`, problems));
    return items.every((item) => item !== undefined) ? (items as T[]) : undefined;
  };
}

/** An object with exactly these keys, of which `optional` ones may be missing. */
export function object<S extends Shape, O extends Shape = Record<never, never>>(
  required: S,
  optional?: O,
): Reader<ReadShape<S> & Partial<ReadShape<O>>> {
  return (value, path, problems) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      problems.add(path, `expected an object, got ${show(value)}.`);
      return undefined;
    }
    const source = value as Record<string, unknown>;
    const known = { ...optional, ...required };
    const at = (key: string) => (path === "" ? key : `${path}.${key}`);
    let complete = true;
    for (const key of Object.keys(source)) {
      if (Object.hasOwn(known, key)) continue;
      problems.add(at(key), "there is no such setting.");
      complete = false;
    }
    const result: Record<string, unknown> = {};
    for (const [key, read] of Object.entries(known)) {
      if (source[key] === undefined && !Object.hasOwn(required, key)) continue;
      result[key] = read(source[key], at(key), problems);
      if (result[key] === undefined) complete = false;
    }
    return complete ? (result as ReadShape<S> & Partial<ReadShape<O>>) : undefined;
  };
}
