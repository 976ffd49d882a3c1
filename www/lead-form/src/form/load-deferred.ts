import { addCountries } from "../fields/countries.js";
import { addStyles } from "../view/styles.js";
import { extendView } from "../view/view.js";

type Deferred = typeof import("../deferred/index.js");

let loading: Promise<Deferred | undefined> | undefined;

/** The deferred script, once it is loaded. */
export let deferred: Deferred | undefined;

/** Loads the deferred script; resolves with `undefined` if that fails. */
export function loadDeferred(): Promise<Deferred | undefined> {
  loading ??= import("../deferred/index.js").then(
    (loaded) => {
      addCountries(loaded.CODES);
      addStyles(loaded.styles);
      extendView(loaded.selectCountryOfNumber, loaded.statusContent);
      return (deferred = loaded);
    },
    () => (loading = undefined),
  );
  return loading;
}
