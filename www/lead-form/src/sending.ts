import { arrive } from "./arrive.js";
import type { SubmitResult } from "./public.js";
import { captureAttribution } from "./attribution.js";
import { contextOf, submissionOf } from "./context.js";
import type { ICloudReadyLeadForm } from "./element.js";
import { announce, type LeadFormEvents, push } from "./events.js";
import { faultsOf, missingIn } from "./faults.js";
import { languageOf } from "./languages/index.js";
import { type Answer, consentsOf, leadOf } from "./lead.js";
import { deliver } from "./outbox.js";
import { type Checked, unchecked } from "./phone.js";
import type { Outcome, Settled, Submission } from "./submission.js";
import type { View } from "./view.js";

/** How long a visitor who has sent waits for checks that are still on their way, in milliseconds. */
const PATIENCE = 2_000;

const PHONE = "leadInformation.phone";

/** The way of what a form holds from the button to the forwarder, and what is said of it. */
export class Sending {
  readonly #form: ICloudReadyLeadForm;
  readonly #view: View;
  /** When the visitor could begin: with a plain form inside, as soon as there was a page. */
  #since: number;
  /** The lead that is on its way or kept, and what was sent under which id. */
  #current: Submission | undefined;
  readonly #sent = new Map<string, Submission>();
  /** What was doubtful when it was last submitted: the same again is sent. */
  #doubted = "";
  #submitting: Promise<SubmitResult> | undefined;
  /** Ends the wait for the checks. */
  hurry = (): void => {};

  constructor(form: ICloudReadyLeadForm, view: View) {
    this.#form = form;
    this.#view = view;
    this.#since = Date.now() - (form.querySelector("form") ? performance.now() : 0);
  }

  get isBusy(): boolean {
    return this.#submitting !== undefined;
  }

  /** Checks, keeps and sends; a second call while one is under way is the same. */
  submit(): Promise<SubmitResult> {
    return this.#only(() => this.#begin());
  }

  /** Sends what is kept once more. */
  async retry(): Promise<void> {
    const current = this.#current;
    if (current) await this.#only(() => this.#send(current));
  }

  /** The visitor begins anew. */
  reset(): void {
    this.#current = undefined;
    this.#doubted = "";
    this.#since = Date.now();
  }

  /** A lead was tried in the background, or is waiting: then there is no outcome. */
  settled(submission: Submission, outcome: Settled | undefined): void {
    if (submission.id === this.#current?.id) {
      // That it still waits was said.
      const isNews = outcome && !["check", "expired", "later"].includes(outcome.kind);
      if (isNews && !this.isBusy) this.#show(submission, outcome as Outcome, true);
      return;
    }
    const language = languageOf(this.#form.code);
    if (language) void arrive().then((later) => (this.#view.notice = later?.tellEarlier(language, outcome, submission.at) ?? ""));
    if (outcome?.kind === "wrong" || outcome?.kind === "check") this.#recall(submission);
    if (outcome && outcome.kind !== "check") this.#tell(submission, outcome);
  }

  #only(work: () => Promise<SubmitResult>): Promise<SubmitResult> {
    this.#submitting ??= work().finally(() => (this.#submitting = undefined));
    return this.#submitting;
  }

  async #begin(): Promise<SubmitResult> {
    const view = this.#view;
    const { answers, country } = view;
    const missing = missingIn(this.#view.answers);
    if (missing.size) {
      view.blame(missing);
      return "invalid";
    }
    view.state = "sending";
    const raw = String(answers.find(({ field }) => field.path === PHONE)?.value ?? "");
    const make = (number: string) => leadOf(answers, number, this.#form.campaignName);
    const { phone, faults } = await this.#check(raw, country, make);
    const content = JSON.stringify([make(phone.number), raw]);
    const isConfirmed = this.#doubted === content;
    const wrong = faultsOf(faults, answers, !isConfirmed);
    if (wrong.size) {
      this.#doubted = content;
      view.blame(wrong);
      return [...wrong.values()].every(({ isDoubt }) => isDoubt) ? "doubtful" : "invalid";
    }
    const lead = make(phone.number);
    if (!this.#announce("lead-submit", { lead })) {
      view.state = "editing";
      return "canceled";
    }
    return this.#send(this.#submission(lead, answers, { raw, country: phone.country, check: phone.check }));
  }

  /** Without checks, or while they are long on their way, the lead goes as it is. */
  async #check(raw: string, country: string, lead: (phone: string) => unknown): Promise<Checked> {
    const late = new Promise<void>((resolve) => setTimeout((this.hurry = resolve), PATIENCE));
    const checking = arrive().then((later) => later?.check(raw, country, lead));
    return (await Promise.race([checking, late]).catch(() => undefined)) ?? unchecked(raw, country);
  }

  /** The same content again is the same lead: it goes under the same id. */
  #submission(lead: unknown, answers: readonly Answer[], phone: object): Submission {
    const content = JSON.stringify([lead, consentsOf(answers, "")]);
    const sent = this.#sent.get(content);
    if (sent) return sent;
    const known = captureAttribution(this.#form.attribution);
    const context = contextOf({
      known,
      consent: consentsOf(answers, new Date().toISOString()),
      locale: this.#form.code,
      formId: this.#form.id,
      elapsedMs: Math.round(Date.now() - this.#since),
      trap: this.#view.trap,
      phone,
    });
    const submission = submissionOf(this.#form.key, lead, context, this.#form.value);
    this.#sent.set(content, submission);
    return submission;
  }

  async #send(submission: Submission): Promise<SubmitResult> {
    const before = this.#current;
    this.#current = submission;
    this.#view.state = "sending";
    // What was wrong is corrected now, under an id of its own.
    if (before?.isWrong && before.id !== submission.id) {
      for (const [content, sent] of this.#sent) if (sent.id === before.id) this.#sent.delete(content);
      void arrive().then((later) => later?.queueOf(before.key).drop(before.id));
    }
    const { outcome, isKept } = await deliver(submission, this.#form);
    return this.#show(submission, outcome, isKept);
  }

  #show(submission: Submission, outcome: Outcome, isKept: boolean): SubmitResult {
    const { kind } = outcome;
    const view = this.#view;
    this.#tell(submission, outcome, isKept);
    submission.isWrong = kind === "wrong";
    const faults = kind === "wrong" ? faultsOf(outcome.issues, view.answers, true) : undefined;
    if (kind === "accepted") this.#sent.clear();
    if (faults?.size) view.blame(faults);
    else view.state = kind === "later" ? (isKept ? "queued" : "held") : kind === "wrong" ? "refused" : kind;
    return kind === "wrong" ? "invalid" : kind === "later" || kind === "refused" ? "queued" : kind;
  }

  #tell(submission: Submission, outcome: Exclude<Settled, { kind: "check" }>, isKept = true): void {
    const { kind: code, ...more } = outcome;
    const { id: submissionId } = submission;
    const isEarlier = submissionId !== this.#current?.id;
    if (code === "accepted") this.#announce("lead-accepted", { ...more, submissionId, isEarlier });
    else if (code !== "later") this.#announce("lead-error", { issues: [], ...more, submissionId, code, isEarlier });
    else if (!isEarlier) this.#announce("lead-queued", { ...more, submissionId, isKept });
  }

  #announce<Name extends keyof LeadFormEvents>(name: Name, detail: LeadFormEvents[Name]["detail"]): boolean {
    const isTaken = announce(this.#form, name, detail);
    if (this.#form.dataLayer && isTaken) push(this.#form.id, name, this.#form.campaignName);
    return isTaken;
  }

  /** An earlier request that was refused as wrong is shown again, to be corrected. */
  #recall(submission: Submission): void {
    if (Object.keys(this.#form.value).length) return;
    try {
      this.#view.write(JSON.parse(submission.values), true);
      this.#current = submission;
    } catch {
      // It can be read no more, and is told of all the same.
    }
  }
}
