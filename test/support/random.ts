/** A seeded generator of uniform numbers in [0, 1): xorshift with 32 bits of state. */
export function seededUniforms(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/** A seeded generator of standard normal numbers (Box–Muller). */
export function seededNormals(seed: number): () => number {
  const uniform = seededUniforms(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
