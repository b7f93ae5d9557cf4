/** A seeded source of numbers: the same seed, the same numbers, everywhere. */
export interface Random {
  /** Uniform in (0, 1). */
  uniform(): number;
  normal(): number;
  /** Chi-squared over its degrees of freedom: mean 1. */
  chiSquared(degrees: number): number;
  /** Exponential with mean 1. */
  exponential(): number;
}

/** sfc32, a small fast generator that passes PractRand; the seed is stirred in over the first rounds. */
function sfc32(seed: number): () => number {
  let [a, b, c, counter] = [seed | 0, Math.floor(seed / 2 ** 32) | 0, 0x9e3779b9, 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return ((sum >>> 0) + 0.5) / 2 ** 32;
  };
  for (let i = 0; i < 16; i += 1) next();
  return next;
}

export function createRandom(seed: number): Random {
  const uniform = sfc32(seed);
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    normal,
    chiSquared(degrees) {
      let sum = 0;
      for (let i = 0; i < degrees; i += 1) sum += normal() ** 2;
      return sum / degrees;
    },
    exponential: () => -Math.log(uniform()),
  };
}
