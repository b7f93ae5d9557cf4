import { BaseContract, type Interface } from "ethers";
import { type Abi, interfaceOf } from "../abi/abi.js";

/** A contract class of TypeChain. */
interface Factory<C> {
  createInterface(): Interface;
  connect(address: string): C;
}

const interfaces = new WeakMap<object, Interface>();

function interfaceOfFactory(factory: Factory<unknown>): Interface {
  const abi = interfaces.get(factory) ?? factory.createInterface();
  interfaces.set(factory, abi);
  return abi;
}

/**
 * A typed contract to make calls of with {@link contractCall}; its ABI is parsed only once, which takes longer than most calls.
 *
 * @param abi A compact ABI, or a factory of `@crosshedge/sdk/contracts`
 */
export function contractAt<C>(abi: Abi<C> | Factory<C>, address: string): BaseContract & C {
  const parsed = typeof abi === "string" ? interfaceOf(abi) : interfaceOfFactory(abi);
  return new BaseContract(address, parsed) as BaseContract & C;
}
