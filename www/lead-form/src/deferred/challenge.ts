const ANSWER = '[name="cf-turnstile-response"]';

/** How long a widget may take to issue a token. */
const CHALLENGE_TIMEOUT_MS = 8_000;
const POLL_INTERVAL_MS = 200;

interface Turnstile {
  reset(widget: Element): void;
}

/**
 * The token of a Turnstile widget in the slot `challenge`, if there is one.
 * `isSpent`: its current token was used or refused, so that a new one is requested.
 */
export async function challengeTokenOf(form: HTMLElement, isSpent: boolean): Promise<string | undefined> {
  const slot = [...form.children].find(({ slot }) => slot === "challenge");
  if (!slot) return undefined;
  const answer = () => slot.querySelector<HTMLInputElement>(ANSWER)?.value ?? "";
  const spent = isSpent ? answer() : "";
  if (isSpent) {
    const { turnstile } = globalThis as { turnstile?: Turnstile };
    const widget = slot.matches(".cf-turnstile") ? slot : slot.querySelector(".cf-turnstile");
    turnstile?.reset(widget ?? slot);
  }
  for (let waited = 0; waited < CHALLENGE_TIMEOUT_MS; waited += POLL_INTERVAL_MS) {
    const token = answer();
    if (token && token !== spent) return token;
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
  return undefined;
}
