import { decodeError, type LegState, type PinnedBlock, perpV2FundingRate, type VaultState } from "@crosshedge/sdk";
import type { Provider } from "ethers";
import type { KeeperConfig } from "../config.js";
import { type ExpectedFunding, MarketFunding } from "../model/market-funding.js";
import type { Situation } from "../plan/situation.js";
import { type FundingUpdate, readFundingUpdates } from "./funding-history.js";

const DAY = 86_400;
/** Seconds without a pass after which one rate would have to stand for too long. */
const GAP = DAY / 4;
type HedgeLeg = Extract<LegState, { kind: "hedge" }>;
type Source = NonNullable<HedgeLeg["fundingSource"]>;

/** One venue's markets, by address. */
interface Venue {
  markets: Map<string, MarketFunding>;
  /** Why its past is not known; null where it is. */
  unread: string | null;
  /** When its rates were last taken in, unix seconds. */
  seen: number;
}

/**
 * Knows what to expect of every market's funding: the venues' past is read at the start, every pass
 * adds the rate that it finds, and after a long time without a pass the past is read again.
 */
export class FundingObserver {
  readonly #provider: Provider;
  readonly #config: KeeperConfig;
  readonly #venues = new Map<string, Venue>();

  constructor(provider: Provider, config: KeeperConfig) {
    this.#provider = provider;
    this.#config = config;
  }

  /** Take in the rates of a state, and tell what to expect, by leg and market. A past that cannot be read is asked for again each time. */
  async observe({ legs, block }: VaultState): Promise<Situation["funding"]> {
    const expected: Record<string, Record<string, ExpectedFunding>> = {};
    for (const leg of legs) {
      if (leg.kind !== "hedge") continue;
      expected[leg.address] =
        leg.fundingSource === null ? interestOf(leg) : await this.#premiums(leg, leg.fundingSource, block);
    }
    return expected;
  }

  async #premiums(leg: HedgeLeg, source: Source, block: PinnedBlock): Promise<Record<string, ExpectedFunding>> {
    const venue = await this.#venueOf(source, block);
    venue.seen = block.timestamp;
    return Object.fromEntries(
      leg.positions.map(({ market, funding }) => {
        const known = marketOf(venue.markets, market);
        if (funding !== null) known.observe(block.timestamp, Number(funding) / 1e18);
        const { rate, basis } = known.expect(this.#config.hedge.fundingDays);
        return [market, { rate, basis: venue.unread === null ? basis : `${basis}; ${venue.unread}` }];
      }),
    );
  }

  async #venueOf(source: Source, block: PinnedBlock): Promise<Venue> {
    const { exchange } = source;
    const known = this.#venues.get(exchange);
    if (known?.unread === null && block.timestamp - known.seen <= GAP) return known;
    const venue = known ?? { markets: new Map(), unread: null, seen: 0 };
    this.#venues.set(exchange, venue);
    const { model, execution } = this.#config;
    const since = block.timestamp - model.warmUpDays * DAY;
    try {
      const past = await readFundingUpdates(this.#provider, exchange, block, since, execution.logRange);
      venue.markets = replay(past, source);
      venue.unread = null;
    } catch (caught) {
      // A hedge does not wait for the past of its carry.
      venue.unread = `its past could not be read (${decodeError(caught).shortMessage}), a smaller execution.logRange may help`;
    }
    return venue;
  }
}

/** The venue's cap is taken to have always been what it is now. */
function replay(past: readonly FundingUpdate[], { maxDailyRate }: Source): Map<string, MarketFunding> {
  const markets = new Map<string, MarketFunding>();
  for (const { market, time, marketTwap, indexTwap } of past) {
    const rate = perpV2FundingRate(marketTwap, indexTwap, maxDailyRate);
    if (rate !== null) marketOf(markets, market).observe(time, Number(rate) / 1e18);
  }
  return markets;
}

function marketOf(markets: Map<string, MarketFunding>, market: string): MarketFunding {
  const known = markets.get(market) ?? new MarketFunding();
  markets.set(market, known);
  return known;
}

/** Interest does not return to zero as a premium does: the rate of now is what to expect. */
function interestOf({ positions }: HedgeLeg): Record<string, ExpectedFunding> {
  return Object.fromEntries(
    positions.map(({ market, funding }) => [
      market,
      funding === null
        ? { rate: null, basis: "the venue does not tell" }
        : { rate: Number(funding) / 1e18, basis: "interest of now" },
    ]),
  );
}
