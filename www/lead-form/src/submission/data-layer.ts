import type { LeadFormEvents } from "./events.js";
import type { SenderElement } from "./submission.js";

/** Pushes an event to `dataLayer`, without personal data. */
export function pushToDataLayer(
  { id, campaignName }: Pick<SenderElement, "id" | "campaignName">,
  event: keyof LeadFormEvents,
  { submissionId }: object & { readonly submissionId?: string },
): void {
  const page = globalThis as { dataLayer?: unknown[] };
  page.dataLayer ??= [];
  page.dataLayer.push({
    event: event.replaceAll("-", "_"),
    form_id: id,
    ...(campaignName && { campaign: campaignName }),
    ...(submissionId && { submission_id: submissionId }),
  });
}
