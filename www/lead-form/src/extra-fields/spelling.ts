/** The end of a warning: the known name closest to an unknown one. */
export function didYouMean(name: string, names: readonly string[]): string {
  const limit = name.length < 4 ? 1 : 2;
  const [nearest] = names
    .map((known) => ({
      known,
      distance: normalize(known) === normalize(name) ? 0 : editDistance(normalize(known), normalize(name)),
    }))
    .filter(({ distance }) => distance <= limit)
    .sort((one, other) => one.distance - other.distance);
  return nearest ? `; did you mean "${nearest.known}"?` : "";
}

/** The same for a possibly intended name: only if it differs just in case, `_` and `-`. */
export function suggestSpelling(name: string, names: readonly string[]): string {
  return names.some((known) => normalize(known) === normalize(name)) ? didYouMean(name, names) : "";
}

const normalize = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, "");

/** The edit distance: letters added, omitted, changed or swapped with the next. */
function editDistance(one: string, other: string): number {
  const rows = [[...Array(other.length + 1).keys()]];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= one.length; row++) {
    const next = [row];
    rows.push(next);
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      next.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwapped ? at(row - 2, column - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return at(one.length, other.length);
}
