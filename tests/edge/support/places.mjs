// Where what is tested lies.
import { fileURLToPath } from "node:url";

/** The built package. */
export const PACKAGE = process.env.PACKAGE ?? fileURLToPath(new URL("../../../pkg", import.meta.url));
