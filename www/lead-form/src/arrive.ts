import { addCountries } from "./countries.js";
import { addStyles } from "./styles.js";

type Later = typeof import("./later/index.js");

let arriving: Promise<Later | undefined> | undefined;

/** Brings what is not needed before a visitor comes; gives nothing while there is no connection. */
export function arrive(): Promise<Later | undefined> {
  arriving ??= import("./later/index.js").then(
    (later) => {
      addCountries(later.CODES);
      addStyles(later.styles);
      return later;
    },
    () => (arriving = undefined),
  );
  return arriving;
}
