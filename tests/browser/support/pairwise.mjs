// Combinations of several factors in which each pair of values occurs.

/** Rows with a value of each factor, so that each pair of values of two factors is in a row. Always the same rows. */
export function pairwise(factors) {
  const names = Object.keys(factors);
  const missing = new Set();
  const pair = (one, first, other, second) => `${one}=${first},${other}=${second}`;
  for (const [index, one] of names.entries())
    for (const other of names.slice(index + 1))
      for (const first of factors[one])
        for (const second of factors[other]) missing.add(pair(one, first, other, second));
  const pairsOf = (row) =>
    names.flatMap((one, index) =>
      names
        .slice(index + 1)
        .filter((other) => one in row && other in row)
        .map((other) => pair(one, row[one], other, row[other])),
    );
  const rows = [];
  while (missing.size) {
    const row = {};
    for (const name of names) {
      const gain = (value) => pairsOf({ ...row, [name]: value }).filter((one) => missing.has(one)).length;
      // Among equal values another one in each row.
      const values = factors[name].map((_, index) => factors[name][(index + rows.length) % factors[name].length]);
      row[name] = values.reduce((best, value) => (gain(value) > gain(best) ? value : best));
    }
    const gained = pairsOf(row).filter((one) => missing.delete(one));
    if (!gained.length) {
      // No value gains anything by itself: one missing pair is set.
      const [entry] = missing;
      for (const part of entry.split(",")) {
        const [name, value] = part.split("=");
        row[name] = factors[name].find((one) => String(one) === value);
      }
      for (const one of pairsOf(row)) missing.delete(one);
    }
    rows.push(row);
  }
  return rows;
}
