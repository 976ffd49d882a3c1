import text from "./styles.css";

let sheet: CSSStyleSheet | undefined;

/** Gives a shadow root the form's styles: an adopted sheet, which no CSP stops. All forms share one. */
export function adoptStyles(root: ShadowRoot): void {
  root.adoptedStyleSheets = [(sheet ??= sheetOf(text))];
}

/** Adds the styles of what is not there at first. */
export function addStyles(more: string): void {
  sheet?.replaceSync(text + more);
}

function sheetOf(text: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}
