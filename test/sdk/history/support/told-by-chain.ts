import { HedgeVault__factory, PerpV2Leg__factory, Rebalancer__factory } from "@crosshedge/sdk/contracts";
import { Interface, type Log } from "ethers";
import type { Fixture } from "../../../support/fixture.js";

const POOL = new Interface([
  "event Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)",
  "event Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)",
  "event Collect(address indexed owner, address recipient, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount0, uint128 amount1)",
  "event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)",
]);
const POOL_NAMES: Record<string, string> = {
  ...{ Mint: "LiquidityMinted", Burn: "LiquidityBurned", Collect: "LiquidityCollected", Swap: "PoolSwapped" },
};
const VAULT = HedgeVault__factory.createInterface();
const REBALANCER = Rebalancer__factory.createInterface();
const PERP = PerpV2Leg__factory.createInterface();
/** What every contract with these parts raises, and no history tells. */
export const UNTOLD = ["Initialized", "EIP712DomainChanged", "Approval", "AuthorityUpdated"];

/** Who raises what, and from and to which block it counts: as the test knows it, not as the history finds it out. */
export interface Contract {
  readonly address: string;
  readonly kind: "rebalancer" | "leg";
  readonly pool?: string;
  readonly from?: number;
  readonly to?: number;
}

/** An event as one line: `block:index name`. */
export const lineOf = (event: { blockNumber: number; blockHash: string; logIndex: number; name: string }): string =>
  `${event.blockNumber}:${event.logIndex} ${event.name} ${event.blockHash}`;

/** Every event of the vault that the chain has now, read from the chain itself and decoded by the contracts' own ABIs. */
export async function toldByChain(f: Fixture, contracts: readonly Contract[], from = 0): Promise<string[]> {
  const logs: Log[] = await f.world.ethers.provider.getLogs({ fromBlock: from });
  return logs.flatMap((log) => {
    const name = nameOf(f, contracts, log);
    return name === null || UNTOLD.includes(name) ? [] : [lineOf({ ...log, logIndex: log.index, name })];
  });
}

function nameOf(f: Fixture, contracts: readonly Contract[], log: Log): string | null {
  if (log.address === f.deployment.vault) return VAULT.parseLog(log)?.name ?? null;
  const own = contracts.find(({ address, pool, from = 0, to = Number.POSITIVE_INFINITY }) => {
    if (log.blockNumber < from || log.blockNumber > to) return false;
    return address === log.address || (pool === log.address && log.topics[1]?.endsWith(address.slice(2).toLowerCase()));
  });
  if (own === undefined) return null;
  if (own.pool === log.address) return POOL_NAMES[POOL.parseLog(log)?.name ?? ""] ?? null;
  return (own.kind === "rebalancer" ? REBALANCER : PERP).parseLog(log)?.name ?? null;
}
