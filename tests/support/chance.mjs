// Reproducible random numbers: from a seed, which the caller prints.

/** Whole numbers of 32 bits (mulberry32). */
export function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Numbers below as many sides as are asked for. */
export function dice(seed) {
  const next = numbers(seed);
  return (sides) => next() % sides;
}
