import { erc20 } from "../../abi/erc20.js";
import { decoded } from "../../errors/decoded.js";
import { IHedgeVault__views, IRedeemQueue__views } from "../../generated/abi.js";
import { collectHistory } from "../../history/collectHistory.js";
import type { VaultEvent } from "../../history/events.js";
import { Batch } from "../../read/batch.js";
import { pinBlock } from "../../read/block.js";
import { contractCall } from "../../read/call.js";
import { contractAt } from "../../read/contractAt.js";
import { ONE, type Usd18 } from "../../units.js";
import type { CrosshedgeVault } from "../../vault.js";
import { readBlocksAt } from "../blocksAt.js";
import { readAtBlocks, type SamplingOptions } from "../sampling.js";

/** A vault's share price at one moment. */
export interface SharePricePoint {
  blockNumber: number;
  /** Unix seconds. */
  timestamp: number;
  /** "state": at the end of the block; "events": at an event within it. */
  source: "state" | "events";
  nav: { mid: Usd18; half: Usd18 } | null;
  /** Shares that are minted, 1e18. */
  totalSupply: bigint;
  /** Those, and the management fee that is due and not minted yet: shares are priced by them. By "events" the same as `totalSupply`. */
  supplyWithFees: bigint;
  /** USD per whole share after fees; null while there are none, prices were bad or a venue did not answer. */
  sharePrice: { mid: Usd18; low: Usd18; high: Usd18 } | null;
}

/** Which moments to read. */
export type SharePriceOptions = SamplingOptions<SharePricePoint> & {
  /** Blocks; or all of a grid of times. */
  at: readonly number[] | { from: number; to: number /** Seconds. */; every: number };
};

/**
 * The share price at the end of many blocks; the node must keep the state of each. Where it does not, {@link sharePricesOfEvents} has some.
 *
 * @throws {CrosshedgeError} BAD_ARGUMENT, READ_FAILED, ABORTED
 * @example
 * const prices = await readSharePrices(vault, { at: { from, to, every: 86_400 } });
 */
export async function readSharePrices(vault: CrosshedgeVault, options: SharePriceOptions): Promise<SharePricePoint[]> {
  return decoded(async () => {
    const { at } = options;
    const blocks = isGrid(at) ? (await readBlocksAt(vault, { ...options, ...at })).map(({ number }) => number) : at;
    const known = options.known?.filter(({ source }) => source === "state") ?? [];
    const read = (block: number) => readSharePrice(vault, block);
    return readAtBlocks(blocks, { ...options, known }, ({ blockNumber }) => blockNumber, read);
  });
}

function isGrid(at: SharePriceOptions["at"]): at is Exclude<SharePriceOptions["at"], readonly number[]> {
  return !Array.isArray(at);
}

async function readSharePrice({ connection, address }: CrosshedgeVault, blockNumber: number): Promise<SharePricePoint> {
  const { provider, multicall } = connection;
  const [vault, queue] = [contractAt(IHedgeVault__views, address), contractAt(IRedeemQueue__views, address)];
  const batch = new Batch({ provider, multicall, blockNumber });
  const nav = batch.add(contractCall(vault, "nav"));
  const minted = batch.add(erc20.totalSupply(address));
  const all = batch.add(contractCall(queue, "supplyWithFees"));
  const [{ timestamp }] = await Promise.all([pinBlock(provider, blockNumber), batch.send()]);
  // It reverts where a venue does not let a position be valued.
  const valued = nav.orNull();
  const known = valued?.ok ? { mid: valued.mid, half: valued.half } : null;
  return pointOf({ blockNumber, timestamp, source: "state" }, known, {
    totalSupply: minted.value(),
    supplyWithFees: all.value(),
  });
}

function pointOf(
  place: Pick<SharePricePoint, "blockNumber" | "timestamp" | "source">,
  nav: SharePricePoint["nav"],
  supply: Pick<SharePricePoint, "totalSupply" | "supplyWithFees">,
): SharePricePoint {
  const { supplyWithFees } = supply;
  const per = (usd: Usd18) => (usd > 0n ? (usd * ONE) / supplyWithFees : 0n);
  const sharePrice =
    nav === null || supplyWithFees === 0n
      ? null
      : { mid: per(nav.mid), low: per(nav.mid - nav.half), high: per(nav.mid + nav.half) };
  return { ...place, nav, ...supply, sharePrice };
}

const NOBODY = "0x0000000000000000000000000000000000000000";

/**
 * The share price wherever an event tells the NAV: deposits, settlements, plans. Needs no archive node, but every `Transfer` since the vault was
 * made, as the supply is counted from them. A plan's NAV has no band.
 *
 * @param events In chain order, from the vault's creation: `Transfer`, `BasketDeposit`, `Settled`, `Rebalanced`
 */
export function sharePricesOfEvents(events: readonly VaultEvent[]): SharePricePoint[] {
  const points: SharePricePoint[] = [];
  let supply = 0n;
  const add = ({ blockNumber, timestamp }: VaultEvent, mid: Usd18, half: Usd18, shares: bigint) => {
    const counted = { totalSupply: shares, supplyWithFees: shares };
    points.push(pointOf({ blockNumber, timestamp, source: "events" }, { mid, half }, counted));
  };
  for (const event of events) {
    switch (event.name) {
      case "Transfer":
        if (event.args.from === NOBODY) supply += event.args.value;
        if (event.args.to === NOBODY) supply -= event.args.value;
        break;
      case "BasketDeposit":
        add(event, event.args.navBefore, event.args.half, supply);
        break;
      case "Settled":
        // It is told after its shares were burned.
        add(event, event.args.nav, event.args.half, supply + event.args.shares);
        break;
      case "Rebalanced":
        add(event, event.args.outcome.navAfter, 0n, supply);
        break;
    }
  }
  return points;
}

/**
 * {@link sharePricesOfEvents} of the vault's whole history up to a block.
 *
 * @throws {CrosshedgeError} what {@link collectHistory} throws
 */
export async function readSharePricesOfEvents(
  vault: CrosshedgeVault,
  { to, signal }: { to?: number; signal?: AbortSignal } = {},
): Promise<SharePricePoint[]> {
  return decoded(async () => {
    const { events } = await collectHistory(vault, {
      names: ["Transfer", "BasketDeposit", "Settled", "Rebalanced"],
      ...(to !== undefined && { to }),
      ...(signal && { signal }),
    });
    return sharePricesOfEvents(events);
  });
}
