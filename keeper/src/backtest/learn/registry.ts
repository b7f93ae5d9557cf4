import { KeeperError } from "../../errors.js";
import { DEFAULT_METHOD, METHODS, type MethodFactory } from "../../model/forecast/methods.js";

/** One to one against the first hedge: the hedge that looks at no data. Every backtest has it. */
export const NAIVE = "naive";

/** Names of the methods that learn. */
export function methodNames(): string[] {
  return Object.keys(METHODS).filter((name) => name !== NAIVE);
}

export { DEFAULT_METHOD };

/** @throws KeeperError where there is no method of this name */
export function findMethod(name: string): MethodFactory {
  const factory = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (factory === undefined || name === NAIVE) {
    throw new KeeperError(`There is no method "${name}".`, `Choose from ${methodNames().join(", ")}.`);
  }
  return factory;
}
