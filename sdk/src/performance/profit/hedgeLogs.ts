import { getAddress, Interface, zeroPadValue } from "ethers";
import type { Connection } from "../../connection.js";
import type { RawLog } from "../../history/rawLog.js";
import { type LogRange, readLogs } from "../../history/readLogs.js";
import type { ReadPoint } from "../../multicall.js";
import { Batch } from "../../read/batch.js";
import { interfaceCall } from "../../read/call.js";
import type { HedgeLegState, LegState } from "../../state/legTypes.js";
import type { VaultState } from "../../state/types.js";
import type { HedgeAct } from "./acts.js";

const VENUES = new Interface([
  "function clearingHouse() view returns (address)",
  "function tradingPool(address market) view returns (address)",
  "function fee() view returns (uint24)",
  "function token0() view returns (address)",
  "event PositionChanged(address indexed trader, address indexed baseToken, int256 exchangedPositionSize, int256 exchangedPositionNotional, uint256 fee, int256 openNotional, int256 realizedPnl, uint256 sqrtPriceAfterX96)",
  "event PositionLiquidated(address indexed trader, address indexed baseToken, uint256 positionNotional, uint256 positionSize, uint256 liquidationFee, address liquidator)",
  "event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)",
]);

/** Where hedge legs trade, and what the vault's pools charge. */
export interface TradingPlaces {
  /** Addresses whose logs tell trades. */
  addresses: string[];
  /** Traded tokens and fee of the pools in which borrowed tokens are sold, by the pool's address: indices in the vault's assets. */
  pools: Map<string, { indices: readonly [number, number]; feeTier: bigint }>;
  /** Of the pools of liquidity legs, millionths, by the pool's address. */
  feeTiers: Map<string, bigint>;
}

/** What does not change while a leg lives: read once, in two rounds. */
export async function readTradingPlaces(
  state: VaultState,
  at: ReadPoint,
  legs: readonly LegState[],
): Promise<TradingPlaces> {
  const batch = new Batch(at);
  const hedges = legs.filter((leg): leg is HedgeLegState => leg.kind === "hedge");
  const houses = hedges.map(({ address }) => batch.add(interfaceCall<string>(VENUES, address, "clearingHouse")));
  const found = hedges.flatMap(({ address, positions }) =>
    positions.map(({ market }) => batch.add(interfaceCall<string>(VENUES, address, "tradingPool", market))),
  );
  await batch.send();
  const trading = [...new Set(found.flatMap((pool) => pool.orNull() ?? []))];
  const liquidity = [...new Set(legs.flatMap((leg) => (leg.kind === "liquidity" ? [leg.pool] : [])))];
  const next = new Batch(at);
  const read = [...trading, ...liquidity].map((pool) => ({
    pool,
    fee: next.add(interfaceCall<bigint>(VENUES, pool, "fee")),
    token0: next.add(interfaceCall<string>(VENUES, pool, "token0")),
  }));
  await next.send();
  const settlement = state.assets.findIndex(({ address }) => address === state.settlementToken);
  const pools: TradingPlaces["pools"] = new Map();
  for (const leg of hedges) {
    for (const [k, { assetIndex }] of leg.positions.entries()) {
      const pool = found[offsetOf(hedges, leg) + k]?.orNull();
      const info = read.find((one) => one.pool === pool);
      if (!pool || info === undefined) continue;
      const first = info.token0.value() === state.settlementToken;
      const indices = first ? ([settlement, assetIndex] as const) : ([assetIndex, settlement] as const);
      pools.set(pool, { indices, feeTier: info.fee.value() });
    }
  }
  return {
    addresses: [...new Set([...houses.flatMap((house) => house.orNull() ?? []), ...trading])],
    pools,
    feeTiers: new Map(read.map(({ pool, fee }) => [pool, fee.value()])),
  };
}

function offsetOf(hedges: readonly HedgeLegState[], leg: HedgeLegState): number {
  const before = hedges.slice(0, hedges.indexOf(leg));
  return before.reduce((count, { positions }) => count + positions.length, 0);
}

/** Trades of the hedge legs in a range of blocks, in chain order. */
export async function readHedgeActs(
  { provider }: Pick<Connection, "provider">,
  legs: readonly HedgeLegState[],
  { addresses, pools }: TradingPlaces,
  range: LogRange,
): Promise<HedgeAct[]> {
  if (legs.length === 0 || addresses.length === 0 || range.from > range.to) return [];
  const topics = ["PositionChanged", "PositionLiquidated", "Swap"].map(
    (name) => VENUES.getEvent(name)?.topicHash ?? "",
  );
  const owners = legs.map(({ address }) => zeroPadValue(address, 32).toLowerCase());
  const logs = await readLogs(provider, { addresses, topics: [topics, owners] }, range);
  return logs.flatMap((log) => hedgeActOf(log, legs, pools) ?? []);
}

function hedgeActOf(log: RawLog, legs: readonly HedgeLegState[], pools: TradingPlaces["pools"]): HedgeAct | null {
  const event = VENUES.parseLog({ topics: [...log.topics], data: log.data });
  const leg = legs.find(({ address }) => address === getAddress(`0x${log.topics[1]?.slice(26)}`));
  if (event === null || leg === undefined) return null;
  const { blockNumber } = log;
  if (event.name === "Swap") {
    const pool = pools.get(log.address);
    if (pool === undefined) return null;
    return { blockNumber, swap: { leg: leg.address, ...pool, amounts: [event.args.amount0, event.args.amount1] } };
  }
  const market: string = event.args.baseToken;
  const assetIndex = leg.positions.find((position) => position.market === market)?.assetIndex;
  if (assetIndex === undefined) return null;
  const place = { leg: leg.address, market, assetIndex };
  if (event.name === "PositionLiquidated") {
    const penalty: bigint = event.args.liquidationFee;
    return { blockNumber, trade: { ...place, size: 0n, notional: 0n, fee: 0n, penalty } };
  }
  const { exchangedPositionSize: size, exchangedPositionNotional: notional, fee } = event.args;
  return { blockNumber, trade: { ...place, size, notional, fee, penalty: 0n } };
}
