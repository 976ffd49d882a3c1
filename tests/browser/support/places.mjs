// Where what is tested stands. `cargo xtask test --only browser` says so; by hand the tests find
// what `cargo xtask build` and `cargo build -p icloud-ready-sandbox` leave.

import { accessSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");

/** The package, as npm would send it. */
export const packageFolder = process.env.PACKAGE ?? join(root, "pkg");

/** The package built with the feature `panic-test`. */
export const panicPackage = process.env.PANIC_PACKAGE ?? join(target, "pkg-panic-test");

/** The sandbox's program. */
export const sandboxProgram = process.env.SANDBOX ?? join(target, "debug", "sandbox");

/** Pages with nothing on them that a test does not put there. */
export const blankPages = fileURLToPath(new URL("../pages/", import.meta.url));

/** The form's sources. */
export const leadForm = join(root, "www", "lead-form");

/** A development tool that npm installed. */
export const tool = (path) => join(root, "node_modules", path);

/** The system's Chromium. */
export function chromiumProgram() {
  for (const folder of process.env.PATH.split(delimiter)) {
    for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
      const program = join(folder, name);
      try {
        accessSync(program);
        return program;
      } catch {
        // Not there; the next one may be.
      }
    }
  }
  throw new Error("Chromium is missing; run: apt-get install chromium");
}
