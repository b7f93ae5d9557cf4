import { AbiCoder, type BaseContract, type FunctionFragment, type Interface } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { DefaultReturnType, TypedContractMethod } from "../generated/common.js";

/** One read of a contract: what to send, and how to read the answer. */
export interface ContractCall<T> {
  readonly target: string;
  /** For messages: the function and its contract. */
  readonly label: string;
  /** Calldata, hex. */
  readonly data: string;
  /** The answer, from the call's return data. */
  readonly decode: (returnData: string) => T;
}

type Inputs<M> = M extends TypedContractMethod<infer A, infer _R, infer _S> ? A : never;
type Output<M> = M extends TypedContractMethod<infer _A, infer R, infer _S> ? DefaultReturnType<R> : never;
type IsMethod<M> = M extends TypedContractMethod<infer _A, infer _R, infer _S> ? true : false;
type MethodName<C> = { [K in keyof C]: IsMethod<C[K]> extends true ? K : never }[keyof C] & string;

const CODER = /* @__PURE__ */ AbiCoder.defaultAbiCoder();

interface Method {
  readonly fragment: FunctionFragment;
  readonly selector: string;
}

const methods = new WeakMap<Interface, Map<string, Method>>();

/** Kept: ethers hashes a function's signature anew each time it is asked for its selector. */
function methodOf(abi: Interface, name: string): Method {
  const known = methods.get(abi) ?? new Map<string, Method>();
  methods.set(abi, known);
  const fragment = known.get(name)?.fragment ?? abi.getFunction(name);
  if (fragment === null) throw new CrosshedgeError("BAD_ARGUMENT", `The ABI has no function ${name}.`);
  const method = known.get(name) ?? { fragment, selector: fragment.selector };
  known.set(name, method);
  return method;
}

/** A call of any function by its ABI; the caller states the type of the answer. */
export function interfaceCall<T>(abi: Interface, target: string, method: string, ...args: unknown[]): ContractCall<T> {
  const { fragment, selector } = methodOf(abi, method);
  return {
    target,
    label: `${method}() of ${target}`,
    data: selector + CODER.encode(fragment.inputs, args).slice(2),
    decode: (returnData) => {
      const result = abi.decodeFunctionResult(fragment, returnData);
      return (result.length === 1 ? result[0] : result) as T;
    },
  };
}

/**
 * A typed call of a TypeChain contract: a view, or what a write would answer.
 *
 * @example
 * const nav = batch.add(contractCall(vault, "nav"));
 */
export function contractCall<C extends BaseContract, K extends MethodName<C>>(
  contract: C,
  method: K,
  ...args: Inputs<C[K]>
): ContractCall<Output<C[K]>> {
  return interfaceCall(contract.interface, contract.target as string, method, ...args);
}
