import text from "./styles.css";

let sheet: CSSStyleSheet | undefined;
let all = text;

/** Gives a shadow root the form's styles: an adopted sheet, which no CSP stops. All forms share one. */
export function adoptStyles(root: ShadowRoot): void {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(all);
  }
  root.adoptedStyleSheets = [sheet];
}

/** Adds the styles of what is not there at first. */
export function addStyles(more: string): void {
  if (all.includes(more)) return;
  all += more;
  sheet?.replaceSync(all);
}
