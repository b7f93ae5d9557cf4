import { CrosshedgeError, type ErrorCode } from "@crosshedge/sdk";
import { expect } from "chai";
import type { Provider } from "ethers";

function check(caught: unknown, code: ErrorCode, message?: RegExp): CrosshedgeError {
  if (!CrosshedgeError.is(caught)) throw caught ?? new Error(`nothing was thrown, not even ${code}`);
  expect(caught.code, caught.message).to.equal(code);
  if (message) expect(caught.shortMessage).to.match(message);
  return caught;
}

/** Asserts that a function throws a CrosshedgeError with this code, and returns it. */
export function expectCode(run: () => unknown, code: ErrorCode, message?: RegExp): CrosshedgeError {
  try {
    run();
  } catch (caught) {
    return check(caught, code, message);
  }
  return check(undefined, code);
}

/** The same for a promise. */
export async function expectRejection(
  promise: Promise<unknown>,
  code: ErrorCode,
  message?: RegExp,
): Promise<CrosshedgeError> {
  return promise.then(
    () => check(undefined, code),
    (caught) => check(caught, code, message),
  );
}

/** Asserts that two numbers are as near; the matchers of the local chain want whole ones. */
export function expectClose(actual: number, expected: number, most: number): void {
  expect(Math.abs(actual - expected) <= most, `${actual} for ${expected}`).to.equal(true);
}

/** A provider that counts the requests that reach its node: by method, and the blocks of its `eth_call`s. */
export function watched(provider: Provider) {
  const seen: { method: string; block: unknown }[] = [];
  const proxy = new Proxy(provider, {
    get(target, key) {
      const value = Reflect.get(target, key) as unknown;
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => {
        if (key === "call") seen.push({ method: "eth_call", block: (given[0] as { blockTag: unknown }).blockTag });
        if (key === "send") seen.push({ method: String(given[0]), block: (given[1] as unknown[])[1] });
        return value.apply(target, given) as unknown;
      };
    },
  });
  return { provider: proxy, seen };
}
