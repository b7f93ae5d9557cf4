import fc from "fast-check";
import type { KeeperConfigInput } from "../../../keeper/src/config.js";
import type { CarryOutlook } from "../../../keeper/src/model/carry/outlook.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import type { Situation } from "../../../keeper/src/plan/situation.js";
import { rateFor, SECOND_LEG, twoPools } from "../collateral/two-pool-scene.js";
import {
  BTC_MARKET,
  ETH_MARKET,
  FORECAST,
  NOW,
  PERP_LEG,
  POOL_LEG,
  type Scene,
  SIGMA,
  situationOf,
  WBTC,
  WETH,
} from "../situation.js";

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const scenes = fc.record({
  prices: fc.tuple(fc.constant(1), real(5, 20), real(1_000, 3_000), real(15_000, 60_000)),
  idle: fc.tuple(
    fc.integer({ min: 0, max: 200_000 }),
    fc.integer({ min: 0, max: 10_000 }),
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 0, max: 2 }),
  ),
  perp: fc.record({
    cash: fc.integer({ min: 0, max: 100_000 }),
    eth: fc.integer({ min: -30, max: 0 }),
    btc: fc.integer({ min: -2, max: 0 }),
  }),
  lending: maybe(fc.record({ cash: fc.integer({ min: 60_000, max: 100_000 }), eth: fc.integer({ min: -10, max: 0 }) })),
  pair: fc.constantFrom("usdc" as const, "weth" as const, "ethUsdc" as const),
  position: maybe(
    fc.record({
      tickLower: fc.integer({ min: -4_300, max: -4_200 }).map((n) => n * 60),
      tickUpper: fc.integer({ min: -4_190, max: -4_000 }).map((n) => n * 60),
      liquidity: fc.bigInt({ min: 10n ** 15n, max: 10n ** 17n }),
    }),
  ),
  poolOff: real(0.97, 1.03),
  depth: fc.constantFrom(1e6, 1e6, 1e4, 1e4, 100, 1e-4, 0),
  closed: fc.constantFrom<readonly string[]>([], [], [ETH_MARKET], [BTC_MARKET], [ETH_MARKET, BTC_MARKET]),
  funding: maybe(real(-1, 1)),
  waiting: maybe(real(0, 0.9)),
  mode: fc.constantFrom("Normal" as const, "Normal" as const, "ReduceOnly" as const),
  usable: fc.constantFrom(true, true, true, false),
});

const moves = fc.option(real(0, 2), { nil: null });
const forecasts = fc
  .tuple(fc.constantFrom("calm" as const, "crash" as const, "decoupled" as const), moves, moves, fc.boolean())
  .map(([regime, eth, btc, known]) => {
    if (!known) return null;
    const move = (asset: number) => ({ [WETH]: eth, [WBTC]: btc })[asset];
    return {
      ...FORECAST,
      market: { regime, probabilities: { calm: 0.1, crash: 0.8, decoupled: 0.1 }, since: NOW - 3_600, fall: 0.2 },
      moves: SIGMA.map((_, asset) => {
        const known = move(asset);
        return known === undefined ? null : { move: known, windows: 2_000 };
      }),
    };
  });

const outlooks: fc.Arbitrary<CarryOutlook | undefined> = maybe(
  fc.record({
    holdingDays: real(1, 90),
    rate: real(-1, 1),
    deviation: real(0, 0.2),
    negativeDays: fc.integer({ min: 0, max: 5 }),
  }),
);

/** What a vault with one pool or two may meet: any prices, holdings, regime, moves, depths and funding. */
export const situations: fc.Arbitrary<Situation> = fc
  .record({
    ...{ scene: scenes, forecast: forecasts, eth: outlooks, btc: outlooks },
    ...{ two: fc.boolean(), first: fc.option(real(0, 3), { nil: null }), second: fc.option(real(0, 3), { nil: null }) },
  })
  .map(({ scene: { position, lending, funding, waiting, ...rest }, forecast, eth, btc, two, first, second }) => {
    const scene: Scene = {
      ...{ ...rest, forecast },
      ...(position && rest.pair === "usdc" && { position }),
      ...(lending && { lending }),
      ...(funding !== undefined && { funding }),
      ...(waiting !== undefined && { waiting }),
    };
    let situation = two ? twoPools({ ...scene, pair: "usdc" }) : situationOf(scene);
    if (two) {
      const rate = (leg: string, apr: number | null) => (apr === null ? null : rateFor(situation, leg, apr));
      const [one, other] = [rate(POOL_LEG, first), rate(SECOND_LEG, second)];
      const { pools } = situation;
      situation = {
        ...situation,
        pools: {
          [POOL_LEG]: { ...pools[POOL_LEG]!, feeRate: one },
          [SECOND_LEG]: { ...pools[SECOND_LEG]!, feeRate: other },
        },
      };
    }
    const expected = (outlook: CarryOutlook | undefined) => ({
      rate: outlook?.rate ?? funding ?? null,
      basis: "made up",
      ...(outlook && { outlook }),
    });
    return {
      ...situation,
      funding: { [PERP_LEG]: { [ETH_MARKET]: expected(eth), [BTC_MARKET]: expected(btc) } },
    };
  });

const inputs: KeeperConfigInput[] = [
  {},
  { basis: { enabled: true } },
  { basis: { enabled: true }, liquidity: { manage: false } },
  { liquidity: { leaveWhenNonePays: true, maxPoolShare: 0.6 } },
  { liquidity: { allocation: "equal" }, hedge: { maxGamma: 0.5, maxVega: 0.1 } },
  { margin: { low: 0.8, target: 1, high: 2, latencyHours: 72 } },
];

/** Configurations that use what is off by default, beside the default. */
export const configs = fc.constantFrom(...inputs.map((input) => parseConfig(input)));
