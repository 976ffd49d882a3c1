// The options in the package's declarations, and how they may be misspelled.

import { createRequire } from "node:module";

const ts = createRequire(import.meta.url)("typescript");

/**
 * The members of an interface or class declared in a file, and of the objects in it or in its lists, each as a path:
 * `["rate", "burst"]`. `file` is the path of a `.d.ts`. Members of types that TypeScript declares, such as those of the
 * DOM, are not options.
 */
export function optionsOf(file, name) {
  const program = ts.createProgram([file], {
    strict: true,
    skipLibCheck: true,
    types: [],
    lib: ["lib.esnext.d.ts", "lib.dom.d.ts"],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const symbol = checker.getExportsOfModule(checker.getSymbolAtLocation(source)).find((one) => one.name === name);
  if (!symbol) throw new Error(`${file} declares no ${name}`);
  return membersOf(checker, checker.getDeclaredTypeOfSymbol(symbol), source);
}

function membersOf(checker, type, source, prefix = []) {
  const paths = [];
  for (const member of checker.getPropertiesOfType(type)) {
    const path = [...prefix, member.name];
    paths.push(path);
    for (const part of partsOf(checker, checker.getTypeOfSymbolAtLocation(member, source)))
      paths.push(...membersOf(checker, part, source, path));
  }
  return paths;
}

/** The types of a union, and of the entries of lists in it, that are objects of options. */
function partsOf(checker, type) {
  const parts = type.isUnion() ? type.types : [type];
  return parts.flatMap((part) => {
    if (checker.isArrayType(part)) return partsOf(checker, checker.getTypeArguments(part)[0]);
    const isObject = part.flags & ts.TypeFlags.Object || part.isIntersection();
    if (!isObject || part.getCallSignatures().length || checker.isTupleType(part)) return [];
    const declarations = checker.getPropertiesOfType(part).flatMap((member) => member.declarations ?? []);
    return declarations.length &&
      declarations.every((one) => !/typescript.lib.lib\./.test(one.getSourceFile().fileName))
      ? [part]
      : [];
  });
}

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

/**
 * Every way to misspell a name by one letter: omitted, duplicated, swapped with the next, replaced, added, in the other
 * case; and the name as other languages write it. With `letters`, only these replace another letter.
 */
export function misspellings(name, letters = LETTERS) {
  const found = new Set();
  for (let at = 0; at <= name.length; at++) {
    const [before, letter, after] = [name.slice(0, at), name[at] ?? "", name.slice(at + 1)];
    found.add(before + after).add(before + letter + letter + after);
    for (const other of letters) found.add(before + other + after).add(before + other + letter + after);
    if (after) found.add(before + after[0] + letter + after.slice(1));
    found.add(before + letter.toUpperCase() + after).add(before + letter.toLowerCase() + after);
  }
  const separated = (mark) => name.replace(/[A-Z]+/g, (upper) => `${mark}${upper.toLowerCase()}`);
  for (const whole of [name.toLowerCase(), name.toUpperCase(), separated("_"), separated("-")]) found.add(whole);
  found.delete(name);
  return found;
}

/** The siblings of an option, including itself. */
export const siblingsOf = (path, paths) =>
  paths
    .filter((other) => other.length === path.length && String(other.slice(0, -1)) === String(path.slice(0, -1)))
    .map((other) => other.at(-1));

/** An object with a member at a path. */
export const nested = ([name, ...deeper], value) => ({ [name]: deeper.length ? nested(deeper, value) : value });
