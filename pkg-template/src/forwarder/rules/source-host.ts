import type { NewLead } from "../../base/generated/models.js";
import type { Issue } from "../../base/errors.js";
import type { BackfillJob, ClaimedEvent, EventMapping, FetchResponse, SourceHost } from "../outbox/contract.js";
import {
  exactNumbers,
  isObject,
  type JsonObject,
  member,
  nullPrototype,
  textMember,
  wellFormed,
} from "../message/json.js";
import { collectIssues, parsePhone } from "../message/lead-validation.js";
import { normalizeLead, withoutControls } from "../message/normalize.js";
import type { DefaultLead, SourceDefinition, SourceEvent } from "../sources/definition.js";
import type { Log } from "../outbox/log.js";
import { defaultsFor, isMultiline } from "./fields.js";
import type { Defaults } from "./config.js";

/** The maximum number of warnings stored with a lead. */
const MAX_ISSUES = 100;

/** Fields that the forwarder sets itself. */
const OWN_FIELDS = ["customField", "idengagerRequestId"];

type Result = Omit<EventMapping, "id" | "claim">;

/** The configured sources, as used by the outbox, for one `env`. */
export class ConfiguredSources implements SourceHost {
  readonly #sources: ReadonlyMap<string, SourceDefinition>;
  readonly #env: unknown;
  readonly #defaults: Defaults;

  constructor(sources: ReadonlyMap<string, SourceDefinition>, env: unknown, defaults: Defaults) {
    this.#sources = sources;
    this.#env = env;
    this.#defaults = defaults;
  }

  /** A source by its name. */
  get(name: string): SourceDefinition | undefined {
    return this.#sources.get(name);
  }

  get settings(): SourceHost["settings"] {
    return [...this.#sources].map(([name, { kind, backfill }]) => ({
      name,
      kind,
      backfill: backfill?.forms ?? [],
      backfillInterval: backfill?.interval ?? 0,
    }));
  }

  kindOf(name: string): string {
    return this.#sources.get(name)?.kind ?? "";
  }

  async fetch({ source, account, data }: ClaimedEvent): Promise<FetchResponse> {
    const definition = this.#sources.get(source);
    return (await definition?.fetch?.({ account, data: JSON.parse(data) }, this.#env)) ?? {};
  }

  async readForm(job: BackfillJob): Promise<FetchResponse> {
    return (await this.#sources.get(job.source)?.readForm?.(job, this.#env)) ?? {};
  }

  map(events: readonly ClaimedEvent[], log: Log): EventMapping[] {
    return events.map((event) => ({ id: event.id, claim: event.claim, ...this.#mapOne(event, log) }));
  }

  #mapOne(claimed: ClaimedEvent, log: Log): Result {
    const definition = this.#sources.get(claimed.source);
    if (!definition) return { outcome: "hold", reason: "source_missing" };
    const { map, tests = "skip", country } = definition.options;
    let made: DefaultLead;
    let data: unknown;
    try {
      // A fetched lead is stored as the platform sent it.
      data = JSON.parse(exactNumbers(wellFormed(claimed.data)));
      made = definition.toLead(data);
    } catch {
      return { outcome: "hold", reason: "map_invalid" };
    }
    if (made.isTest && tests === "skip") return { outcome: "skip", reason: "test_lead" };
    const marks = [...claimed.marks];
    let { lead } = made;
    for (const [name, value] of Object.entries(defaultsFor(this.#defaults, `source:${claimed.source}`)))
      lead[name] ??= value;
    const typed = normalize(lead, country);
    if (made.isTest) {
      marks.push("test");
      lead["tags"] = [...(Array.isArray(lead["tags"]) ? (lead["tags"] as unknown[]) : []), "test"];
    }
    if (map) {
      let mapped: unknown;
      const event: SourceEvent = {
        source: claimed.source,
        kind: definition.kind,
        submissionId: claimed.id,
        receivedAt: new Date(claimed.receivedAt),
        isTest: made.isTest,
        data,
      };
      try {
        mapped = map(lead as unknown as NewLead, event);
        if (mapped === null) return { outcome: "skip", reason: "map_null" };
        if (mapped instanceof Promise) {
          // Its rejection must not end the process.
          mapped.catch(() => {});
          return { outcome: "hold", reason: "map_invalid" };
        }
        // Only JSON values in the result are sent.
        mapped = mapped === undefined ? undefined : JSON.parse(JSON.stringify(mapped));
      } catch (error) {
        // Its message may quote the lead.
        log("source_map_failed", "the option map of a source threw", {
          submissionId: claimed.id,
          source: claimed.source,
          error: error instanceof Error ? error.name : typeof error,
        });
        return { outcome: "hold", reason: "map_failed" };
      }
      if (!isObject(mapped)) return { outcome: "hold", reason: "map_invalid" };
      lead = mapped;
      normalize(lead, country);
    }
    for (const name of OWN_FIELDS) delete lead[name];
    const person = member(lead, "leadInformation");
    if (!textMember(person, "phone") || !textMember(person, "firstName"))
      return { outcome: "hold", reason: "incomplete" };
    const text = JSON.stringify(lead);
    const issues = collectIssues(text);
    if (issues.some(({ severity }: Issue) => severity === "error")) return { outcome: "hold", reason: "map_invalid" };
    const custom = { ...made.custom, ...(typed.phone === undefined ? {} : { phone: { raw: typed.phone } }) };
    return {
      outcome: "send",
      lead: text,
      custom: JSON.stringify(withoutControls(custom, true)),
      ...(issues.length ? { warnings: JSON.stringify(issues.slice(0, MAX_ISSUES)) } : {}),
      marks,
    };
  }
}

/** Normalizes a lead's values for the CRM, the same as a page's. */
function normalize(lead: JsonObject, country: string | undefined): ReturnType<typeof normalizeLead> {
  const typed = normalizeLead(lead, { language: "", country }, (text) => parsePhone(text, country, false));
  for (const [name, value] of Object.entries(nullPrototype(Object.entries(lead))))
    lead[name] = withoutControls(value, isMultiline(name));
  return typed;
}
