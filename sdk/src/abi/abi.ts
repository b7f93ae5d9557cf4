import { type BaseContract, Interface } from "ethers";
import type { TypedContractEvent, TypedContractMethod } from "../generated/common.js";

declare const CONTRACT: unique symbol;

/**
 * The ABI of a contract, or a part of it, as text: one function or event a line.
 *
 * @typeParam C Its TypeChain type, reduced to that part
 */
export type Abi<C> = string & { readonly [CONTRACT]?: C };

type Own<C> = Exclude<keyof C, keyof BaseContract>;
type Mutability<M> = M extends TypedContractMethod<infer _A, infer _R, infer S> ? S : never;
type ViewName<C> = { [K in Own<C>]: Mutability<C[K]> extends "view" ? K : never }[Own<C>];

/** The part of a TypeChain contract that only reads. */
export type Views<C> = Pick<C, ViewName<C>>;
/** The part of a TypeChain contract that writes. */
export type Writes<C> = Omit<C, ViewName<C> | keyof BaseContract>;
/** The events of a TypeChain contract: what each carries, by name. */
export type Events<C> = C extends { filters: infer F }
  ? { [K in keyof F]: F[K] extends TypedContractEvent<infer _I, infer _T, infer O> ? O : never }
  : never;

const parsed = new Map<string, Interface>();

/** The ABI parsed, once: that takes longer than most calls. */
export function interfaceOf(abi: Abi<unknown>): Interface {
  const known = parsed.get(abi) ?? new Interface(abi.split("\n"));
  parsed.set(abi, known);
  return known;
}
