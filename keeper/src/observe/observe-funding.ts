import { decodeError, type LegState, type PinnedBlock, perpV2FundingRate, type VaultState } from "@crosshedge/sdk";
import type { Provider } from "ethers";
import type { KeeperConfig } from "../config.js";
import { type ExpectedFunding, MarketFunding } from "../model/market-funding.js";
import type { Situation } from "../plan/situation.js";
import { FundingHistory, type FundingUpdate } from "./funding-history.js";

const DAY = 86_400;
type HedgeLeg = Extract<LegState, { kind: "hedge" }>;
type Source = NonNullable<HedgeLeg["fundingSource"]>;

/** What is known of one venue's markets, by address. */
interface Venue {
  readonly history: FundingHistory;
  readonly markets: Map<string, MarketFunding>;
  /** The block up to which it was asked last, and why that could not be read; null where it could. */
  asked: { readonly block: number; readonly trouble: string | null } | null;
}

/** Knows what to expect of every market's funding: from what the venues have settled, read from a start on, a part at each pass. */
export class FundingObserver {
  readonly #provider: Provider;
  readonly #config: KeeperConfig;
  readonly #venues = new Map<string, Venue>();

  constructor(provider: Provider, config: KeeperConfig) {
    this.#provider = provider;
    this.#config = config;
  }

  /** Take in what venues have settled up to a block, those that a state has; to be called beside other reads. */
  async follow({ legs }: VaultState, block: PinnedBlock): Promise<void> {
    const sources = legs.flatMap((leg) => (leg.kind === "hedge" ? (leg.fundingSource ?? []) : []));
    for (const source of sources) await this.#update(this.#venueOf(source.exchange), source, block);
  }

  /** What to expect at a state, by leg and market. What cannot be read now is asked for again at the next pass. */
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
    const venue = this.#venueOf(source.exchange);
    const trouble = await this.#update(venue, source, block);
    const unread = unreadOf(venue.history);
    return Object.fromEntries(
      leg.positions.map(({ market }) => {
        if (unread !== null) return [market, { rate: null, basis: trouble ?? unread }];
        const known = marketOf(venue, market).expect(this.#config.hedge.fundingDays);
        return [market, trouble === null ? known : { ...known, basis: `${known.basis}; ${trouble}` }];
      }),
    );
  }

  /** Take in what is new, once a block. Returns why it could not be read, or null: a hedge does not wait for its carry. */
  async #update(venue: Venue, source: Source, block: PinnedBlock): Promise<string | null> {
    if (venue.asked?.block !== block.number) {
      venue.asked = { block: block.number, trouble: await this.#read(venue, source, block) };
    }
    return venue.asked.trouble;
  }

  async #read({ history, markets }: Venue, { maxDailyRate }: Source, block: PinnedBlock): Promise<string | null> {
    const since = block.timestamp - this.#config.model.warmUpDays * DAY;
    let updates: FundingUpdate[];
    try {
      updates = await history.update(block, since);
    } catch (caught) {
      const why = decodeError(caught).shortMessage;
      return `the venue's logs could not be read (${why}), a smaller execution.logRange may help`;
    }
    for (const { market, time, marketTwap, indexTwap } of updates) {
      // The venue's cap is taken to have always been what it is now.
      const rate = perpV2FundingRate(marketTwap, indexTwap, maxDailyRate);
      if (rate !== null) marketOf({ markets }, market).settle(time, Number(rate) / 1e18);
    }
    return null;
  }

  #venueOf(exchange: string): Venue {
    const { logRange: range, logRequests: most } = this.#config.execution;
    const history = () => new FundingHistory(this.#provider, exchange, { range, most });
    const venue = this.#venues.get(exchange) ?? { history: history(), markets: new Map(), asked: null };
    this.#venues.set(exchange, venue);
    return venue;
  }
}

/** What is missing of the past, or null: rates of long ago say nothing of the next days. */
function unreadOf({ complete, toldTo }: FundingHistory): string | null {
  if (complete) return null;
  const from = toldTo === null ? "not read yet" : `read up to ${new Date(toldTo * 1_000).toISOString().slice(0, 16)}Z`;
  return `the venue's logs are ${from}, a part at each pass`;
}

function marketOf({ markets }: Pick<Venue, "markets">, market: string): MarketFunding {
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
