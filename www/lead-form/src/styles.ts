import text from "./styles.css";

let sheet: CSSStyleSheet | undefined;

/** Gives a shadow root the form's styles: an adopted sheet, which no CSP stops. All forms share one. */
export function adoptStyles(root: ShadowRoot): void {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
  }
  root.adoptedStyleSheets = [sheet];
}
