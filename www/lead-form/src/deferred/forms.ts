import { dispatchLeadEvent } from "../submission/events.js";
import { pushToDataLayer } from "../submission/data-layer.js";
import type { Sender, SenderElement, LeadOutcome, Submission } from "../submission/submission.js";

/** The forms of a queue. A removed form that the page does not reference can be garbage-collected. */
export class WeakSenderSet {
  #refs: WeakRef<Sender>[] = [];

  add(form: Sender): void {
    const forms = [...this];
    if (!forms.includes(form)) this.#refs = [...forms, form].map((one) => new WeakRef(one));
  }

  *[Symbol.iterator](): Generator<Sender> {
    for (const ref of this.#refs) {
      const form = ref.deref();
      if (form) yield form;
    }
  }
}

/** Reports the outcome of a lead to the form that sent it, or to the document once that form was garbage-collected. */
export class OutcomeListener {
  readonly #sender: WeakRef<Sender>;
  readonly #details: Pick<SenderElement, "id" | "campaignName" | "dataLayer">;

  constructor(form: Sender) {
    const { id, campaignName, dataLayer } = form.element;
    this.#sender = new WeakRef(form);
    this.#details = { id, campaignName, dataLayer };
  }

  onOutcome(submission: Submission, outcome: LeadOutcome | undefined): void {
    const form = this.#sender.deref();
    if (form) form.onOutcome(submission, outcome);
    else if (outcome && outcome.kind !== "later" && outcome.kind !== "check") this.#dispatch(submission.id, outcome);
  }

  #dispatch(
    submissionId: string,
    { kind: code, presentation, ...more }: Exclude<LeadOutcome, { kind: "later" | "check" }>,
  ): void {
    if (code === "accepted") dispatchLeadEvent(document, "lead-accepted", { ...more, submissionId, isEarlier: false });
    else dispatchLeadEvent(document, "lead-error", { issues: [], ...more, submissionId, code, isEarlier: false });
    if (this.#details.dataLayer)
      pushToDataLayer(this.#details, code === "accepted" ? "lead-accepted" : "lead-error", { submissionId });
  }
}
