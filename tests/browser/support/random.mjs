// Chance that can be had again: by a seed, which the test's name prints.

/** A generator of numbers below a bound, and of picks from a list (mulberry32). */
export function generator(seed) {
  let state = seed >>> 0;
  function next() {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
  const below = (bound) => next() % bound;
  return { below, pick: (list) => list[below(list.length)] };
}
