import { decodeError, type LegState, type PinnedBlock, perpV2FundingRate, type VaultState } from "@crosshedge/sdk";
import type { Provider } from "ethers";
import type { KeeperConfig } from "../config.js";
import { type Logger, silentLogger } from "../logger.js";
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
}

/** By exchange why its logs could not be read; null where they could. */
type Troubles = Map<string, string | null>;

/** Knows what to expect of every market's funding: from what the venues have settled, read from a start on, a part at each pass. */
export class FundingObserver {
  readonly #provider: Provider;
  readonly #config: KeeperConfig;
  readonly #logger: Logger;
  readonly #venues = new Map<string, Venue>();
  #followed: { readonly block: number; readonly troubles: Troubles } | null = null;

  constructor(provider: Provider, config: KeeperConfig, logger: Logger = silentLogger) {
    this.#provider = provider;
    this.#config = config;
    this.#logger = logger;
  }

  /** Take in what venues have settled up to a block, those that a state has, beside other reads; `observe` at that block asks no more. */
  async follow({ legs }: VaultState, block: PinnedBlock): Promise<void> {
    this.#followed = { block: block.number, troubles: await this.#updateAll(legs, block, new Map()) };
  }

  /** What to expect at a state, by leg and market. What cannot be read now is asked for again at the next pass. */
  async observe({ legs, block }: VaultState): Promise<Situation["funding"]> {
    const followed = this.#followed?.block === block.number ? this.#followed.troubles : new Map();
    this.#followed = null;
    const troubles = await this.#updateAll(legs, block, followed);
    const expected: Record<string, Record<string, ExpectedFunding>> = {};
    for (const leg of legs) {
      if (leg.kind !== "hedge") continue;
      expected[leg.address] =
        leg.fundingSource === null ? interestOf(leg) : this.#premiums(leg, leg.fundingSource, troubles);
    }
    return expected;
  }

  /** Each venue once, but for those that are known already. */
  async #updateAll(legs: VaultState["legs"], block: PinnedBlock, troubles: Troubles): Promise<Troubles> {
    for (const leg of legs) {
      if (leg.kind !== "hedge" || leg.fundingSource === null || troubles.has(leg.fundingSource.exchange)) continue;
      const { exchange } = leg.fundingSource;
      troubles.set(exchange, await this.#update(this.#venueOf(exchange), leg.fundingSource, block));
    }
    return troubles;
  }

  #premiums(leg: HedgeLeg, { exchange }: Source, troubles: Troubles): Record<string, ExpectedFunding> {
    const venue = this.#venueOf(exchange);
    const trouble = troubles.get(exchange) ?? null;
    const unread = unreadOf(venue.history);
    return Object.fromEntries(
      leg.positions.map(({ market }) => {
        if (unread !== null) return [market, { rate: null, basis: trouble ?? unread }];
        const known = marketOf(venue, market).expect(this.#config.hedge.fundingDays);
        return [market, trouble === null ? known : { ...known, basis: `${known.basis}; ${trouble}` }];
      }),
    );
  }

  /** Take in what is new. Returns why it could not be read, or null: a hedge does not wait for its carry. */
  async #update({ history, markets }: Venue, { maxDailyRate }: Source, block: PinnedBlock): Promise<string | null> {
    const since = block.timestamp - this.#config.model.warmUpDays * DAY;
    let updates: FundingUpdate[];
    try {
      updates = await history.update(block, since);
      const unread = unreadOf(history);
      if (unread !== null) this.#logger.info({ exchange: history.exchange }, `warming up: ${unread}`);
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
    const venue = this.#venues.get(exchange) ?? { history: history(), markets: new Map() };
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
