import { createRequire } from "node:module";
import { amountsForLiquidity } from "../../../../keeper/src/model/liquidity-math.js";
import { sqrtRatioAtTick, tickAtSqrtRatio } from "../../../../keeper/src/model/tick-math.js";
import { seededUniforms } from "../../../support/random.js";
import type { EngineCase } from "../case.js";

const require = createRequire(import.meta.url);
const { TickMath, SqrtPriceMath } = require("@uniswap/v3-sdk") as typeof import("@uniswap/v3-sdk");
const JSBI = require("jsbi") as { BigInt(value: string): import("jsbi").default };
const COUNT = 256;

/** Do something for each of some inputs. */
const each =
  <T>(inputs: readonly T[], work: (input: T) => unknown) =>
  (): unknown => {
    let last: unknown;
    for (const input of inputs) last = work(input);
    return last;
  };

export default function measure(): EngineCase[] {
  const uniform = seededUniforms(1);
  const ticks = Array.from({ length: COUNT }, () => Math.floor((uniform() - 0.5) * 400_000));
  const ratios = ticks.map((tick) => sqrtRatioAtTick(tick) + 1n);
  const theirs = ratios.map((ratio) => JSBI.BigInt(`${ratio}`));
  const positions = ticks.map((tick) => {
    const [low, at, high] = [tick - 2_000, tick, tick + 3_000].map(sqrtRatioAtTick) as [bigint, bigint, bigint];
    const liquidity = 10n ** 18n + BigInt(Math.floor(uniform() * 1e15));
    return { low, at, high, liquidity };
  });
  const theirPositions = positions.map(({ low, at, high, liquidity }) => ({
    ...{ low: JSBI.BigInt(`${low}`), at: JSBI.BigInt(`${at}`) },
    ...{ high: JSBI.BigInt(`${high}`), liquidity: JSBI.BigInt(`${liquidity}`) },
  }));
  const sdk = "@uniswap/v3-sdk";
  return [
    {
      ...{ name: "√ratio of a tick", unit: "tick", work: COUNT },
      own: { name: "engine", run: each(ticks, sqrtRatioAtTick) },
      others: [{ name: sdk, run: each(ticks, (tick) => TickMath.getSqrtRatioAtTick(tick)) }],
    },
    {
      ...{ name: "tick of a √ratio", unit: "tick", work: COUNT },
      own: { name: "engine", run: each(ratios, tickAtSqrtRatio) },
      others: [{ name: sdk, run: each(theirs, (ratio) => TickMath.getTickAtSqrtRatio(ratio)) }],
    },
    {
      ...{ name: "amounts of a position", unit: "position", work: COUNT },
      own: {
        name: "engine",
        run: each(positions, ({ at, low, high, liquidity }) => amountsForLiquidity(at, low, high, liquidity, false)),
      },
      others: [
        {
          name: sdk,
          run: each(theirPositions, ({ at, low, high, liquidity }) => [
            SqrtPriceMath.getAmount0Delta(at, high, liquidity, false),
            SqrtPriceMath.getAmount1Delta(low, at, liquidity, false),
          ]),
        },
      ],
    },
  ];
}
