import type { FormSchema } from "../fields/field.js";
import type { View } from "../view/view.js";
import { createControl } from "./create-control.js";
import { parseFields } from "./parse-fields.js";
import { readSchema } from "./schema.js";
import styles from "./styles.css";

/** The functions of the main script for this one, which shares no module state with it. */
export interface Main {
  addStyles(styles: string): void;
  warn(what: string): void;
  /** Whether the fields have not been set again meanwhile. */
  isCurrent(): boolean;
}

/** The attributes with custom content. */
const CONTENT = "[heading],[thanks],[submit-text],[thank-you-url],[whatsapp]";

/** Shows the fields of a schema, or the named ones, with the custom content. */
export async function showFields(
  form: HTMLElement,
  view: View,
  property: FormSchema | undefined,
  names: readonly string[],
  main: Main,
): Promise<void> {
  const schema = readSchema(form, property, main.warn);
  const { steps, unit, texts, thankYouUrl, whatsapp } = schema ?? {};
  const hasContent = unit || texts || thankYouUrl || whatsapp || form.matches(CONTENT);
  // The form works without scripts that fail to load.
  const [content, stepping] = await Promise.all([
    hasContent ? import("../content/index.js").catch(() => undefined) : undefined,
    steps ? import("../steps/index.js").catch(() => undefined) : undefined,
  ]);
  if (!main.isCurrent()) return;
  const fields = parseFields(
    [
      ...(schema?.steps?.flatMap((step) => step.fields) ?? schema?.fields ?? names),
      ...(unit?.id ? [{ name: "unitId", type: "hidden" as const, value: unit.id }] : []),
    ],
    main.warn,
  );
  const country = form.getAttribute("country")?.trim().toUpperCase();
  for (const field of fields) if (field.type === "visit") Object.assign(field, { country: field.country ?? country });
  main.addStyles(styles);
  if (content) {
    main.addStyles(content.styles);
    content.showContent(form, view, schema ?? {}, main.warn);
  }
  view.setFields(fields, createControl);
  if (stepping) main.addStyles(stepping.styles);
  stepping?.showSteps(form, view, steps ?? []);
}
