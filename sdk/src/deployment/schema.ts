import { getAddress } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";

/** Reads one value of a JSON document; `path` names it in errors. */
export type Reader<T> = (value: unknown, path: string) => T;

type Shape = Record<string, Reader<unknown>>;
type Read<S extends Shape> = { [K in keyof S]: ReturnType<S[K]> };

function wrong(path: string, expected: string): CrosshedgeError {
  return new CrosshedgeError("BAD_DEPLOYMENT", `deployment${path}: expected ${expected}.`);
}

/** An address, made checksummed; one with a wrong checksum is refused. */
export const address: Reader<string> = (value, path) => {
  try {
    return getAddress(value as string);
  } catch {
    throw wrong(path, "an address");
  }
};

/** A whole number above zero. */
export const positiveInteger: Reader<number> = (value, path) => {
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw wrong(path, "a whole number above zero");
};

/** Text that is not empty. */
export const text: Reader<string> = (value, path) => {
  if (typeof value === "string" && value !== "") return value;
  throw wrong(path, "a text");
};

function asObject(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrong(path, "an object");
}

/** An object with any keys and one kind of value. */
export function record<T>(read: Reader<T>): Reader<Record<string, T>> {
  return (value, path) =>
    Object.fromEntries(
      Object.entries(asObject(value, path)).map(([key, inner]) => [key, read(inner, `${path}.${key}`)]),
    );
}

/** An object with these keys, and others that may be missing; any further ones are left out. */
export function object<S extends Shape, O extends Shape = Record<never, never>>(
  required: S,
  optional?: O,
): Reader<Read<S> & Partial<Read<O>>> {
  return (value, path) => {
    const source = asObject(value, path);
    const present = Object.entries(optional ?? {}).filter(([key]) => source[key] !== undefined);
    const entries = [...Object.entries(required), ...present].map(([key, read]) => [
      key,
      read(source[key], `${path}.${key}`),
    ]);
    return Object.fromEntries(entries) as Read<S> & Partial<Read<O>>;
  };
}
