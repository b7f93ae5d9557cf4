import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { PoolAddressesProvider, PoolConfigurator } from "../generated/index.js";
import {
  ACLManager__factory,
  BorrowLogic__factory,
  BridgeLogic__factory,
  ConfiguratorLogic__factory,
  EModeLogic__factory,
  FlashLoanLogic__factory,
  LiquidationLogic__factory,
  Pool__factory,
  PoolAddressesProvider__factory,
  PoolConfigurator__factory,
  PoolLogic__factory,
  SupplyLogic__factory,
} from "../generated/index.js";

const logic = <N extends string>(name: N) => `contracts/protocol/libraries/logic/${name}.sol:${name}` as const;

/** The lending pool and its configurator behind the provider's proxies, without reserves; the deployer holds every role. */
export async function deployAaveCore(
  deployer: HardhatEthersSigner,
): Promise<{ addressesProvider: PoolAddressesProvider; configurator: PoolConfigurator }> {
  const addressesProvider = await new PoolAddressesProvider__factory(deployer).deploy("Crosshedge", deployer);
  // The manager of roles reads its administrator where it is made.
  await addressesProvider.setACLAdmin(deployer);
  const acl = await new ACLManager__factory(deployer).deploy(addressesProvider);
  await addressesProvider.setACLManager(acl);
  await acl.addPoolAdmin(deployer);

  const pool = await new Pool__factory(await deployLogic(deployer), deployer).deploy(addressesProvider);
  await pool.initialize(addressesProvider);
  await addressesProvider.setPoolImpl(pool);

  const configuratorLogic = await new ConfiguratorLogic__factory(deployer).deploy();
  const links = { [logic("ConfiguratorLogic")]: await configuratorLogic.getAddress() };
  const implementation = await new PoolConfigurator__factory(links, deployer).deploy();
  await implementation.initialize(addressesProvider);
  await addressesProvider.setPoolConfiguratorImpl(implementation);
  const configurator = PoolConfigurator__factory.connect(await addressesProvider.getPoolConfigurator(), deployer);
  return { addressesProvider, configurator };
}

/** The seven libraries that the pool's code is linked to. */
async function deployLogic(deployer: HardhatEthersSigner) {
  const borrow = await (await new BorrowLogic__factory(deployer).deploy()).getAddress();
  const flashLoan = new FlashLoanLogic__factory({ [logic("BorrowLogic")]: borrow }, deployer);
  return {
    [logic("BorrowLogic")]: borrow,
    [logic("BridgeLogic")]: await (await new BridgeLogic__factory(deployer).deploy()).getAddress(),
    [logic("EModeLogic")]: await (await new EModeLogic__factory(deployer).deploy()).getAddress(),
    [logic("FlashLoanLogic")]: await (await flashLoan.deploy()).getAddress(),
    [logic("LiquidationLogic")]: await (await new LiquidationLogic__factory(deployer).deploy()).getAddress(),
    [logic("PoolLogic")]: await (await new PoolLogic__factory(deployer).deploy()).getAddress(),
    [logic("SupplyLogic")]: await (await new SupplyLogic__factory(deployer).deploy()).getAddress(),
  };
}
