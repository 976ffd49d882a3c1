import { type PlainResponse, errorHeaders } from "./responses.js";
import type { HttpError } from "../message/http-error.js";
import type { SubmissionRequest } from "../message/submission.js";
import { type Locale, MESSAGES } from "./messages.js";

const STYLE = `
:root{color-scheme:light dark;font:1.0625rem/1.6 system-ui,sans-serif}
body{margin:0 auto;max-width:32rem;padding:2.5rem 1.25rem}
.site{font-weight:600;margin:0 0 1.5rem}
.back{margin-block-start:2rem}
a{color:LinkText}
h1{font-size:1.5rem;line-height:1.3;margin:0 0 .5rem}
form{display:grid;gap:1.125rem;margin-block-start:1.5rem}
label{display:grid;gap:.25rem;font-weight:600}
input{font:inherit;font-weight:400;padding:.625rem .75rem;border:1px solid GrayText;border-radius:.5rem;background:Field;color:FieldText}
input[aria-invalid]{border:2px solid #b3261e}
.problem{color:#b3261e;font-weight:600}
@media (prefers-color-scheme:dark){.problem{color:#ffb4ab}input[aria-invalid]{border-color:#ffb4ab}}
button{font:inherit;font-weight:600;justify-self:start;padding:.625rem 1.5rem;border:0;border-radius:.5rem;background:#0b5c4a;color:#fff;cursor:pointer}
button:focus-visible,input:focus-visible,a:focus-visible{outline:3px solid #4c9aff;outline-offset:2px}`;

/** The fields that a form always has. */
const REQUIRED = ["leadInformation.firstName", "leadInformation.phone"];

/** The attributes for autofill and virtual keyboards. */
const INPUTS: Record<string, string> = {
  "leadInformation.firstName": 'autocomplete="given-name"',
  "leadInformation.lastName": 'autocomplete="family-name"',
  "leadInformation.phone": 'type="tel" autocomplete="tel" dir="ltr"',
  "leadInformation.email": 'type="email" autocomplete="email" dir="ltr"',
  "leadInformation.company": 'autocomplete="organization"',
  dealSize: 'inputmode="decimal" dir="ltr"',
};

/** The page that confirms a lead. `site` is the origin of the page that sent it. */
export function thankYouPage(locale: Locale, site: string | undefined): PlainResponse {
  const { thanks, received } = MESSAGES[locale];
  return page(locale, 200, thanks, `<p>${escapeHtml(received)}</p>`, [], site);
}

/**
 * The page that shows the errors and the form with the visitor's values.
 *
 * @param site - The origin of the page that sent it.
 * @param hidden - Fields to send along that the visitor does not see.
 * @param targets - The origins that the form may redirect to: browsers apply `form-action` to redirects too.
 */
export function errorPage(
  locale: Locale,
  refusal: HttpError,
  site: string | undefined,
  form:
    | { action: string; submission: SubmissionRequest; hidden: [string, string][]; targets: readonly string[] }
    | undefined,
): PlainResponse {
  const { wrong, again, refusal: messages } = MESSAGES[locale];
  const text =
    refusal.code === "validation"
      ? again
      : (messages[refusal.code] ?? (refusal.status < 500 ? messages.other : messages.unavailable) ?? messages.other);
  const body = `<p role="alert">${escapeHtml(text)}</p>`;
  const made = page(
    locale,
    refusal.status,
    wrong,
    form ? body + formHtml(locale, refusal, form) : body,
    form?.targets,
    site,
  );
  return { ...made, headers: { ...made.headers, ...errorHeaders(refusal) } };
}

function formHtml(
  locale: Locale,
  refusal: HttpError,
  { action, submission, hidden }: { action: string; submission: SubmissionRequest; hidden: [string, string][] },
): string {
  const { labels, send, field } = MESSAGES[locale];
  // In the order of the page's form. Required fields that were missing come first.
  const sent = submission.fields.map(([name]) => name);
  const shown = new Map<string, string[]>(REQUIRED.filter((name) => !sent.includes(name)).map((name) => [name, []]));
  const kept: [string, string][] = [...hidden];
  for (const [name, value] of submission.fields) {
    if (Object.hasOwn(labels, name)) shown.set(name, [...(shown.get(name) ?? []), value]);
    else if (!name.startsWith("_") || name === "_next") kept.push([name, value]);
  }
  const inputs = [...shown].flatMap(([name, values]) =>
    (values.length ? values : [""]).map((value, index) => {
      const issue = refusal.issues.find(({ path }) => path === name || path === `${name}.${index}`);
      const id = `problem-${name}-${index}`;
      const text =
        issue &&
        `<span class="problem" id="${id}">${escapeHtml(issue.code === "required" ? field.required : field.other)}</span>`;
      const marks = `${REQUIRED.includes(name) ? " required" : ""}${issue ? ` aria-invalid="true" aria-describedby="${id}"` : ""}`;
      return `<label>${escapeHtml(labels[name] ?? name)}${text ?? ""}<input name="${name}" ${INPUTS[name] ?? ""}${marks} value="${escapeHtml(value)}"></label>`;
    }),
  );
  const hiddenInputs = kept.map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  return `<form method="post" action="${escapeHtml(action)}">${inputs.join("")}${hiddenInputs.join("")}<button>${escapeHtml(send)}</button></form>`;
}

/** A page for a visitor; `targets` are the origins that its form may redirect to. */
function page(
  locale: Locale,
  status: number,
  title: string,
  body: string,
  targets: readonly string[] | undefined,
  site: string | undefined,
): PlainResponse {
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const { direction, back } = MESSAGES[locale];
  const name = site && `<bdi>${escapeHtml(new URL(site).host)}</bdi>`;
  const header = name ? `<header class="site">${name}</header>` : "";
  const way = name ? `<p class="back"><a href="${escapeHtml(site)}/">${escapeHtml(back)} ${name}</a></p>` : "";
  const html = `<!doctype html>
<html lang="${locale}" dir="${direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title><style nonce="${nonce}">${STYLE}</style></head>
<body>${header}<main><h1>${escapeHtml(title)}</h1>${body}${way}</main></body>
</html>
`;
  const forms = targets ? ["'self'", ...targets].join(" ") : "'none'";
  return {
    status,
    body: html,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-language": locale,
      "content-security-policy": `default-src 'none'; style-src 'nonce-${nonce}'; form-action ${forms}; base-uri 'none'; frame-ancestors 'none'`,
      "cache-control": "no-store",
      // With `no-referrer`, the form would be sent with the origin `null`.
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
    },
  };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
