import { loadDeferred, deferred } from "./load-deferred.js";
import type { SubmitResult } from "../base/public.js";
import { loadBackground } from "./load-background.js";
import { buildContext, type ContextInput, createSubmission } from "../submission/context.js";
import type { FormHost } from "./host.js";
import { dispatchLeadEvent, type LeadFormEvents } from "../submission/events.js";
import { findMissing } from "../fields/missing.js";
import { getLanguage } from "../languages/index.js";
import { type Answer, buildConsents, buildLead } from "../fields/lead.js";
import { deliverLead } from "./deliver-lead.js";
import { type CheckResult, uncheckedResult } from "../fields/phone.js";
import type { Sender, LeadOutcome, Submission } from "../submission/submission.js";
import type { State } from "../view/state.js";
import type { View } from "../view/view.js";

/** How long a submission waits for checks that are not loaded yet. */
const CHECKS_TIMEOUT_MS = 2_000;

/**
 * How long a warning is shown before submitting the same content confirms it, so that pressing Enter twice does not.
 */
const CONFIRMABLE_AFTER_MS = 600;

const PHONE = "leadInformation.phone";

/** Submits the form: validates, stores and sends a lead, and shows the outcome. */
export class Submitter implements Sender {
  readonly element: FormHost;
  readonly #view: View;
  /** When the visitor could start: with a plain form inside, at the page's load. */
  #startedAt = 0;
  /** The lead that is being sent or stored, and all submissions by content. */
  #current: Submission | undefined;
  readonly #sentByContent = new Map<string, Submission>();
  /** The content whose warnings are shown, and when, on the monotonic clock, submitting it again confirms them. */
  #warnedContent = "";
  #confirmableAt = 0;
  #submitting: Promise<SubmitResult> | undefined;
  /** Replaced by `reset()`: a submission in progress continues without being shown. */
  #session = {};
  /** Ends the wait for the checks. */
  skipChecks: (_?: undefined) => void = () => {};

  constructor(form: FormHost, view: View) {
    this.element = form;
    this.#view = view;
    // An edit removes the warnings.
    view.form.addEventListener("input", () => (this.#warnedContent = ""));
    void view.ready?.then(() => (this.#startedAt = Date.now() - (form.querySelector("form") ? performance.now() : 0)));
  }

  get isBusy(): boolean {
    return this.#submitting !== undefined;
  }

  /** Validates, stores and sends. Calls during a submission return its promise. */
  submit(): Promise<SubmitResult> {
    return this.#exclusive(async () => {
      if (this.#view.ready) await this.#view.ready;
      return this.#validateAndSend();
    });
  }

  /** Retries the stored lead. */
  async retry(): Promise<void> {
    const current = this.#current;
    if (current) await this.#exclusive(() => this.#send(current));
  }

  /** Resets the form. */
  reset(): void {
    this.#session = {};
    this.#submitting = this.#current = undefined;
    this.#warnedContent = "";
    this.#startedAt = Date.now();
  }

  /** Handles a lead that was sent in the background or, without an outcome, is waiting. */
  onOutcome(submission: Submission, outcome: LeadOutcome | undefined): void {
    if (submission.id === this.#current?.id) {
      if (!outcome || outcome.kind === "check" || this.isBusy) return;
      // It is still waiting, which is already shown, but the wait may be long by now.
      if (outcome.kind !== "later") this.#showOutcome(submission, outcome, true);
      else if (outcome.presentation?.getMessage)
        this.#view.setState(outcome.presentation.state, outcome.presentation.getMessage);
      return;
    }
    if (deferred?.showEarlier(this.#view, getLanguage(this.element.code), submission, outcome))
      this.#current = submission;
    if (outcome && outcome.kind !== "check") this.#dispatchOutcome(submission, outcome);
  }

  #exclusive(work: () => Promise<SubmitResult>): Promise<SubmitResult> {
    if (this.#submitting) return this.#submitting;
    const submitting = work()
      .catch((error) => this.#onFailure(error))
      .finally(() => {
        if (this.#submitting === submitting) this.#submitting = undefined;
      });
    return (this.#submitting = submitting);
  }

  /**
   * Handles an unexpected error, for example if the page added a value to the lead that is not JSON. The form remains
   * usable.
   */
  #onFailure(error: unknown): SubmitResult {
    reportError(error);
    this.#view.setState("rejected", deferred?.rejectedMessage);
    this.#dispatch("lead-error", { submissionId: "", code: "wrong", issues: [], isEarlier: false });
    return "invalid";
  }

  async #validateAndSend(): Promise<SubmitResult> {
    const view = this.#view;
    const session = this.#session;
    const { answers, country, honeypot } = view;
    const values = this.element.value;
    const pressedAt = performance.now();
    const elapsedMs = Math.round(Date.now() - this.#startedAt);
    const missing = findMissing(answers);
    if (missing.size) {
      view.showErrors(missing);
      return "invalid";
    }
    view.setState("sending");
    const raw = String(answers.find(({ definition }) => definition.path === PHONE)?.value ?? "");
    const leadWith = (number: string) => buildLead(answers, number, this.element.campaignName, this.element.code);
    // Both start now; whichever is not ready at the timeout is skipped.
    const timeout = new Promise<undefined>((resolve) => setTimeout((this.skipChecks = resolve), CHECKS_TIMEOUT_MS));
    const describing = loadBackground().then((background) =>
      background?.describeVisit(this.element.attribution, location.href),
    );
    const { phone, issues } = await this.#check(raw, country, leadWith, timeout);
    const visit = await Promise.race([describing, timeout]);
    const content = JSON.stringify([leadWith(phone.number), raw]);
    if (content !== this.#warnedContent) this.#confirmableAt = Infinity;
    const errors = deferred?.fieldErrorsOf(issues, answers, pressedAt < this.#confirmableAt);
    if (errors?.size) {
      if (session === this.#session) {
        view.showErrors(errors);
        this.#warnedContent = content;
        this.#confirmableAt = Math.min(this.#confirmableAt, performance.now() + CONFIRMABLE_AFTER_MS);
      }
      return [...errors.values()].every(({ isWarning }) => isWarning) ? "warning" : "invalid";
    }
    const lead = leadWith(phone.number);
    if (!this.#dispatch("lead-submit", { lead })) {
      if (session === this.#session) view.setState("editing");
      return "canceled";
    }
    const more = { visit, elapsedMs, trap: honeypot, phone: { raw, country: phone.country, check: phone.check } };
    return this.#send(this.#createSubmission(lead, answers, values, more), session);
  }

  /** Checks the lead. If the checks fail or time out, it is sent unchecked. */
  async #check(
    raw: string,
    country: string,
    lead: (phone: string) => unknown,
    timeout: Promise<undefined>,
  ): Promise<CheckResult> {
    const checking = loadDeferred().then((script) => script?.checkLead(raw, country, lead));
    return (await Promise.race([checking, timeout]).catch(() => undefined)) ?? uncheckedResult(raw, country);
  }

  /** Creates a submission. The same content is the same lead and keeps its id. */
  #createSubmission(
    lead: unknown,
    answers: readonly Answer[],
    values: object,
    more: Pick<ContextInput, "visit" | "elapsedMs" | "trap" | "phone">,
  ): Submission {
    const content = JSON.stringify([lead, buildConsents(answers, "")]);
    const sent = this.#sentByContent.get(content);
    if (sent) return sent;
    const context = buildContext({
      consent: buildConsents(answers, new Date().toISOString()),
      locale: this.element.code,
      formId: this.element.id,
      ...more,
    });
    const submission = createSubmission(this.element.key, lead, context, values);
    deferred?.reuseId(submission, content);
    this.#sentByContent.set(content, submission);
    return submission;
  }

  async #send(submission: Submission, session = this.#session): Promise<SubmitResult> {
    if (session === this.#session) {
      const before = this.#current;
      this.#current = submission;
      this.#view.setState("sending");
      // The corrected lead replaces the rejected one, under a new id.
      if (before?.needsCorrection && before.id !== submission.id) {
        this.#forgetContent(before);
        void deferred?.queueOf(before.key).discard(before.id);
      }
    }
    const { outcome, isPersisted } = await deliverLead(submission, this);
    const result = this.#showOutcome(submission, outcome, isPersisted);
    const state = this.#view.state as State;
    // Not queued: the visitor is present and the form still has the input.
    if (state === "rejected" && this.#current === submission)
      void deferred?.queueOf(submission.key).withdraw(submission.id);
    return result;
  }

  /** From now on the same content counts as a new lead. */
  #forgetContent({ id }: Submission): void {
    for (const [content, sent] of this.#sentByContent) if (sent.id === id) this.#sentByContent.delete(content);
  }

  #showOutcome(
    submission: Submission,
    outcome: Exclude<LeadOutcome, { kind: "check" }>,
    isPersisted: boolean,
  ): SubmitResult {
    const { kind, presentation } = outcome;
    const view = this.#view;
    const isShown = this.#current?.id === submission.id;
    if (isShown) this.#dispatchOutcome(submission, outcome, isPersisted);
    else this.onOutcome(submission, outcome);
    submission.needsCorrection = kind === "wrong";
    const errors =
      isShown && kind === "wrong" ? deferred?.fieldErrorsOf(outcome.issues, view.answers, true) : undefined;
    if (kind === "accepted" || kind === "expired") this.#forgetContent(submission);
    if (errors?.size) view.showErrors(errors);
    else if (isShown) view.setState(presentation?.state ?? (isPersisted ? "queued" : "held"), presentation?.getMessage);
    return presentation?.result ?? "queued";
  }

  #dispatchOutcome(submission: Submission, outcome: Exclude<LeadOutcome, { kind: "check" }>, isPersisted = true): void {
    const { kind: code, presentation, ...more } = outcome;
    const { id: submissionId } = submission;
    const isEarlier = submissionId !== this.#current?.id;
    if (code === "accepted") this.#dispatch("lead-accepted", { ...more, submissionId, isEarlier });
    else if (code !== "later") this.#dispatch("lead-error", { issues: [], ...more, submissionId, code, isEarlier });
    else if (!isEarlier) this.#dispatch("lead-queued", { ...more, submissionId, isPersisted });
  }

  #dispatch<Name extends keyof LeadFormEvents>(name: Name, detail: LeadFormEvents[Name]["detail"]): boolean {
    const { element } = this;
    const isNotCanceled = dispatchLeadEvent(element, name, detail);
    if (element.dataLayer && isNotCanceled)
      void loadBackground().then((background) => background?.pushToDataLayer(element, name, detail));
    return isNotCanceled;
  }
}
