import type { Interface, ParamType } from "ethers";
import { dollars, duration, object, percentage, type Reader, whole, years } from "./reader.js";

/** How the contracts' settings are written, by the type that their struct gives them. */
const BY_TYPE: Record<string, Reader<bigint>> = {
  uint24: whole,
  uint32: duration,
  uint64: percentage,
  uint128: dollars,
};

/** Fields whose unit is not the one of their type. */
const BY_NAME: Record<string, Reader<bigint>> = { riskPrice: years };

/**
 * A reader of the struct that a function takes last: its fields are the contract's own, so that none is copied by hand.
 * @param own readers of the fields that are addresses, which fields are left out, and whether any may be missing
 */
export function struct<T>(
  contract: Interface,
  setter: string,
  own: { addresses: Reader<string>; without?: readonly string[]; partial?: boolean },
): Reader<T> {
  const parameter = contract.getFunction(setter)?.inputs.at(-1);
  const fields = (parameter?.components ?? []).filter(({ name }) => !own.without?.includes(name));
  const readers = fields.map((field) => [field.name, readerOf(field, own.addresses)] as const);
  const shape = Object.fromEntries(readers);
  return (own.partial ? object({}, shape) : object(shape)) as Reader<T>;
}

function readerOf({ name, type }: ParamType, addresses: Reader<string>): Reader<unknown> {
  const read = type === "address" ? addresses : (BY_NAME[name] ?? BY_TYPE[type]);
  if (read === undefined) throw new TypeError(`no way to write ${name}, a ${type}`);
  return read;
}
