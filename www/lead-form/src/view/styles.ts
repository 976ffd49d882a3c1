import text from "./styles.css";

/** The style sheet of each document: one cannot be shared between documents. */
const sheets = new Map<Document, CSSStyleSheet>();
let all = text;

/** Adopts the form's style sheet, which no CSP blocks. All forms of a document share it. */
export function adoptStyles(root: ShadowRoot): void {
  const { ownerDocument } = root;
  const { defaultView } = ownerDocument;
  // A document without a window, such as a template's.
  if (!defaultView) return;
  const sheet = sheets.get(ownerDocument) ?? new defaultView.CSSStyleSheet();
  sheets.set(ownerDocument, sheet);
  sheet.replaceSync(all);
  root.adoptedStyleSheets = [sheet];
}

/** Adds the styles of a script that was loaded later. */
export function addStyles(more: string): void {
  if (all.includes(more)) return;
  all += more;
  for (const sheet of sheets.values()) sheet.replaceSync(all);
}
