// The states of a form, and how a page reaches each of them.

export const STATES = {
  idle: "Empty",
  closed: "Closed",
  second: "Second step",
  focus: "Focus",
  filled: "Filled in",
  invalid: "Errors",
  warning: "Warning",
  sending: "Sending",
  accepted: "Accepted",
  queued: "Stored",
  refused: "Refused",
  rejected: "Too large",
  challenge: "Challenge",
  plain: "No script",
};

const VISITOR = {
  en: { firstName: "Mona", lastName: "Fathy", phone: "+20100", email: "mona@example.com" },
  ar: { firstName: "منى", lastName: "فتحي", phone: "+20100", email: "mona@example.com" },
  fr: { firstName: "Camille", lastName: "Moreau", phone: "+3361", email: "camille@example.com" },
};
const READY_TIMEOUT_MS = 10_000;

const json = (status, body) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
const error = (status, code) => json(status, { error: { code, message: code, issues: [] } });

/** The forwarder's response that leads to a state. */
export async function fetchFor(state, init) {
  switch (state) {
    case "sending":
      return new Promise((_, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal.reason));
      });
    case "queued":
      return error(503, "unavailable");
    case "refused":
      return error(403, "origin");
    case "rejected":
      return error(413, "too_large");
    case "challenge":
      return error(403, "challenge_failed");
    default:
      return json(202, { submissionId: JSON.parse(init.body).submissionId, status: "accepted" });
  }
}

/** Whether a form with these settings has a state. */
export const hasState = (state, { mode, steps }) =>
  (state !== "closed" || mode !== "inline") && (state !== "second" || steps === "on");

/** Brings a form into a state, as a visitor would. */
export async function showState(form, state) {
  if (state === "closed") return;
  // A popup or slide-in is opened first.
  if (form.mode !== "inline") form.show();
  await ready(form);
  if (state === "idle") return;
  const { shadowRoot } = form;
  if (state === "second") return shadowRoot.querySelector("[part=next]")?.click();
  const first = shadowRoot.querySelector("[part~=field] :is(input, select):not([hidden])");
  if (state === "focus") return first.focus();
  const visitor = VISITOR[document.documentElement.lang];
  // Each time another number: a lead that was accepted a moment ago is not sent again.
  const rest = String(crypto.getRandomValues(new Uint32Array(1))[0] % 10_000_000).padStart(7, "0");
  const phone = visitor.phone + (state === "warning" ? "12" : rest);
  form.value = state === "invalid" ? {} : { ...visitor, phone };
  if (state === "filled") return;
  const submitted = form.submit();
  if (state !== "sending") await submitted;
}

async function ready(form) {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!form.shadowRoot?.querySelector("[part=submit], [part=next]")) {
    if (Date.now() > deadline) throw new Error("The form did not load");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
