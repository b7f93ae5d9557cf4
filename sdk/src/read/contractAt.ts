import { BaseContract, type ContractRunner, type Interface } from "ethers";

/** A contract class of TypeChain. */
interface Factory<C extends BaseContract> {
  createInterface(): Interface;
  connect(address: string, runner?: ContractRunner | null): C;
}

const interfaces = new WeakMap<object, Interface>();

/** A typed contract, as the factory's own `connect` makes it, with an ABI that is parsed only once: that takes longer than most calls. */
export function contractAt<C extends BaseContract>(
  factory: Factory<C>,
  address: string,
  runner?: ContractRunner | null,
): C {
  const abi = interfaces.get(factory) ?? factory.createInterface();
  interfaces.set(factory, abi);
  return new BaseContract(address, abi, runner) as C;
}
