import { createRequire } from "node:module";
import type { Call } from "@crosshedge/sdk";
import {
  Contract,
  ContractFactory,
  concat,
  type InterfaceAbi,
  type Signer,
  toBeHex,
  ZeroAddress,
  zeroPadValue,
} from "ethers";

const require = createRequire(import.meta.url);

/** A compiled contract as the Safe's own package ships it. */
function artifact(path: string): { abi: InterfaceAbi; bytecode: string } {
  return require(`@safe-global/safe-smart-account/build/artifacts/contracts/${path}.json`);
}

async function deploy(path: string, owner: Signer): Promise<Contract> {
  const { abi, bytecode } = artifact(path);
  const deployed = await new ContractFactory(abi, bytecode, owner).deploy();
  await deployed.waitForDeployment();
  return new Contract(await deployed.getAddress(), abi, owner);
}

/** A Safe with one owner. */
export async function deploySafe(
  owner: Signer,
): Promise<{ address: string; execute(calls: readonly Call[]): Promise<string> }> {
  const account = await owner.getAddress();
  const singleton = await deploy("Safe.sol/Safe", owner);
  const factory = await deploy("proxies/SafeProxyFactory.sol/SafeProxyFactory", owner);
  const multiSend = await deploy("libraries/MultiSend.sol/MultiSend", owner);
  const terms = [[account], 1, ZeroAddress, "0x", ZeroAddress, ZeroAddress, 0, ZeroAddress];
  const setup = singleton.interface.encodeFunctionData("setup", terms);
  const create = factory.getFunction("createProxyWithNonce");
  const address: string = await create.staticCall(await singleton.getAddress(), setup, 0);
  await (await create(await singleton.getAddress(), setup, 0)).wait();
  const safe = new Contract(address, singleton.interface, owner);
  /** The owner sends it himself, which is his signature: his address, and 1 for "approved". */
  const signature = concat([zeroPadValue(account, 32), toBeHex(0, 32), "0x01"]);
  return {
    address,
    async execute(calls) {
      const packed = calls.map(({ to, value, data }) =>
        concat(["0x00", to, toBeHex(value, 32), toBeHex((data.length - 2) / 2, 32), data]),
      );
      const data = multiSend.interface.encodeFunctionData("multiSend", [concat(packed)]);
      const none = [0, 0, 0, ZeroAddress, ZeroAddress];
      const exec = safe.getFunction("execTransaction");
      const sent = await exec(await multiSend.getAddress(), 0, data, 1, ...none, signature);
      return (await sent.wait()).hash;
    },
  };
}
