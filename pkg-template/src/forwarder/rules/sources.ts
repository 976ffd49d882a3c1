import { configError } from "../../base/options.js";
import { isObject } from "../message/json.js";
import type { SourceDefinition } from "../sources/definition.js";

/** Parses the option `sources`. */
export function sourcesOf(value: unknown = {}): ReadonlyMap<string, SourceDefinition> {
  if (!isObject(value)) throw configError("sources", "must be an object of sources by name");
  return new Map(
    Object.entries(value).map(([name, source]) => {
      if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(name))
        throw configError("sources", `contains the name "${name}"; names are lower-case letters, digits and hyphens`);
      const definition = source as SourceDefinition | undefined;
      if (typeof definition?.receive !== "function" || typeof definition.kind !== "string")
        throw configError(
          `sources.${name}`,
          "must be made by metaLeadAds, webhook or another function of icloud-ready/forwarder/sources",
        );
      return [name, definition];
    }),
  );
}
