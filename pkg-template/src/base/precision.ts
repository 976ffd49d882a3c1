import type { Issue } from "./errors.js";

/**
 * A warning for each integer in a JSON text that JavaScript rounds: above 2^53 one number stands for several. What is
 * in strings is kept. @internal
 */
export function findRoundedIntegers(text: string, path = ""): Issue[] {
  const issues: Issue[] = [];
  if (/\d{16}|e\+/.test(text)) {
    const values: [string, any][] = [[path, JSON.parse(text)]];
    // The list grows while it is read: no depth exhausts the stack.
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
