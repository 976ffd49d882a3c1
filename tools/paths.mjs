// The paths of the package, the programs and the sources. `cargo xtask` sets the environment variables; the defaults
// are the results of `cargo xtask build` and `cargo build -p icloud-ready-sandbox`.

import { accessSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");

/** The built package. */
export const packageFolder = process.env.PACKAGE ?? join(root, "pkg");

/** The package built with the feature `panic-test`. */
export const panicPackage = process.env.PANIC_PACKAGE ?? join(target, "pkg-panic-test");

/** The sandbox's program. */
export const sandboxProgram = process.env.SANDBOX ?? join(target, "debug", "sandbox");

/** The form's sources. */
export const leadForm = join(root, "www", "lead-form");

/** A file of a development tool of the root `package.json`. */
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
        // Try the next one.
      }
    }
  }
  throw new Error("Chromium is missing; run: apt-get install chromium");
}
