import type { LeadFormEvents } from "./events.js";

/** Pushes an event to `dataLayer`, without personal data. */
export function pushToDataLayer(formId: string, event: keyof LeadFormEvents, campaign: string | null): void {
  const page = globalThis as { dataLayer?: unknown[] };
  page.dataLayer ??= [];
  page.dataLayer.push({ event: event.replaceAll("-", "_"), form_id: formId, ...(campaign && { campaign }) });
}
