import type { Issue } from "./errors.js";

/**
 * A warning for each integer in a JSON text that JavaScript may have rounded, because it is above 2^53. Strings are
 * exact. @internal
 */
export function findRoundedIntegers(text: string, path = ""): Issue[] {
  const issues: Issue[] = [];
  if (mayHaveRounded(text)) {
    const values: [string, any][] = [[path, JSON.parse(text)]];
    // A list instead of recursion, so that deep input cannot exhaust the stack.
    for (const [path, value] of values) {
      if (value && typeof value === "object") {
        for (const name of Object.keys(value)) values.push([path ? `${path}.${name}` : name, value[name]]);
      } else if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        issues.push({ path, code: "precision", severity: "warning", message: "is rounded by JavaScript" });
      }
    }
  }
  return issues;
}

/**
 * Whether a text has `e+`, or 16 digits in a row. Regular expressions take a tenth of a create's time: they read every
 * character, this every sixteenth.
 */
function mayHaveRounded(text: string): boolean {
  for (let at = text.indexOf("+"); at >= 0; at = text.indexOf("+", at + 1)) if (text[at - 1] === "e") return true;
  for (let at = 15; at < text.length; at += 16) {
    let start = at;
    while (isDigit(text, start)) start--;
    let end = at;
    while (isDigit(text, end)) end++;
    if (end - start > 16) return true;
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code > 47 && code < 58;
}
