// Reproducible random numbers from a seed, which the caller prints.

const { SEED: chosen = 20_261_201 } = process.env;

/** Constant, so that a commit always passes or always fails; `SEED=random` explores, `SEED=N` reproduces a run. */
export const SEED = chosen === "random" ? Math.floor(Math.random() * 2 ** 32) : Number(chosen);

/** Returns a generator of 32-bit integers (mulberry32). */
export function randomIntegers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Returns a generator of integers below a bound. */
export function rng(seed) {
  const next = randomIntegers(seed);
  return (bound) => next() % bound;
}
