const ANSWER = '[name="cf-turnstile-response"]';

/** How long a widget may take to find out that a person is there, in milliseconds. */
const PATIENCE = 8_000;
const STEP = 200;

interface Turnstile {
  reset(widget: Element): void;
}

/**
 * The token of a Turnstile widget that a page put into the slot `challenge`, if there is one.
 * `isSpent`: the one it has was used or refused, a fresh one is asked for.
 */
export async function tokenOf(form: HTMLElement, isSpent: boolean): Promise<string | undefined> {
  const slot = [...form.children].find(({ slot }) => slot === "challenge");
  if (!slot) return undefined;
  const answer = () => slot.querySelector<HTMLInputElement>(ANSWER)?.value ?? "";
  const spent = isSpent ? answer() : "";
  if (isSpent) {
    const { turnstile } = globalThis as { turnstile?: Turnstile };
    const widget = slot.matches(".cf-turnstile") ? slot : slot.querySelector(".cf-turnstile");
    turnstile?.reset(widget ?? slot);
  }
  for (let waited = 0; waited < PATIENCE; waited += STEP) {
    const token = answer();
    if (token && token !== spent) return token;
    await new Promise((resolve) => setTimeout(resolve, STEP));
  }
  return undefined;
}
