import { HayashiYoshida } from "../../../../keeper/src/model/hayashi-yoshida.js";
import { seededUniforms } from "../../../support/random.js";

const ASSETS = 20;
const ROUNDS = 400_000;
const DAY = 86_400;

/** Streaming Hayashi–Yoshida of twenty feeds with forgetting: rounds taken in, each with its products with all other feeds. */
export async function hayashiYoshida(): Promise<{ name: string; ops: number; seconds: number }> {
  const uniform = seededUniforms(1);
  const assets = Uint8Array.from({ length: ROUNDS }, () => Math.floor(uniform() * ASSETS));
  const moves = Float64Array.from({ length: ROUNDS }, () => 0.01 * (uniform() - 0.5));
  const run = (): number => {
    const estimate = new HayashiYoshida(ASSETS, 14 * DAY);
    for (let k = 0; k < ROUNDS; k++) estimate.observe(assets[k]!, 100 * k, moves[k]!);
    return estimate.covariance()[0]![1]!;
  };
  run();
  const start = performance.now();
  const kept = run();
  const seconds = (performance.now() - start) / 1000;
  if (!Number.isFinite(kept)) throw new RangeError("the benchmark's covariance is not a number");
  return { name: `streaming Hayashi–Yoshida, ${ASSETS} feeds`, ops: ROUNDS, seconds };
}
