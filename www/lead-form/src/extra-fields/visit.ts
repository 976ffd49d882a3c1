import { createElement, setText } from "../base/create-element.js";
import type { Field, FieldValue } from "../fields/field.js";
import type { Language } from "../languages/index.js";
import type { Control } from "../view/native-control.js";

/** Countries whose weekend is not Saturday and Sunday, with its days; 0 is Sunday. */
const WEEKENDS: Readonly<Record<string, readonly number[]>> = Object.fromEntries(
  ["EG", "SA", "QA", "KW", "BH", "OM", "JO", "IQ", "DZ", "LY", "SY", "YE"].map((country) => [country, [5, 6]]),
);

const DAYS = 6;
const SLOTS = ["10:00", "13:00", "17:00"];
const DAY_MS = 86_400_000;

/** A visit or a call: a day and a time of the day, or only a time. */
export class VisitControl implements Control {
  readonly isWide = true;
  readonly node: HTMLFieldSetElement;
  readonly #days: HTMLInputElement[];
  readonly #slots: HTMLInputElement[];
  readonly #dayTexts: Text[] = [];
  readonly #isRequired: boolean;

  constructor({ name, days = DAYS, slots = SLOTS, country = "", required }: Field) {
    this.#isRequired = required;
    const dates = nextDays(days, WEEKENDS[country] ?? [6, 0]);
    const chip = (group: string, value: string, index: number, text: Text) => {
      const id = group === "day" && index === 0 ? name : `${name}-${group}-${index}`;
      // The names group the radio buttons and have no meaning for autofill.
      const input = createElement("input", { part: "control", type: "radio", id, name: `${name}-${group}`, value });
      return [input, createElement("label", { part: "option" }, input, createElement("span", {}, text))] as const;
    };
    const dayChips = dates.map((date, index) => {
      const text = new Text();
      this.#dayTexts.push(text);
      return chip("day", date, index, text);
    });
    // Times are written from left to right in every language.
    const slotChips = slots.map((slot, index) => chip("slot", slot, index, new Text(`\u2066${slot}\u2069`)));
    const inputOf = ([input]: readonly [HTMLInputElement, HTMLElement]) => input;
    this.#days = dayChips.map(inputOf);
    this.#slots = slotChips.map(inputOf);
    this.node = createElement(
      "fieldset",
      { role: "group" },
      ...[dayChips, slotChips]
        .filter((chips) => chips.length)
        .map((chips) => createElement("div", { part: "options" }, ...chips.map(([, label]) => label))),
    );
  }

  /** A value such as `2026-12-03 17:00`. */
  get value(): FieldValue {
    return [this.#days, this.#slots].map(checkedIn).filter(Boolean).join(" ");
  }

  set value(value: FieldValue | undefined) {
    const parts = String(value ?? "").split(" ");
    for (const input of [...this.#days, ...this.#slots]) input.checked = parts.includes(input.value);
  }

  set isInvalid(isInvalid: boolean) {
    for (const input of [...this.#days, ...this.#slots]) input.setAttribute("aria-invalid", String(isInvalid));
  }

  set isLocked(isLocked: boolean) {
    this.node.disabled = isLocked;
  }

  setDescription(ids: string): void {
    if (ids) this.node.setAttribute("aria-describedby", ids);
    else this.node.removeAttribute("aria-describedby");
  }

  withLabel(label: readonly Node[]): HTMLElement {
    this.node.prepend(createElement("legend", { part: "label" }, ...label));
    return this.node;
  }

  setLanguage({ code }: Language): void {
    const format = dayFormat(code);
    this.#days.forEach(({ value }, index) => {
      const text = this.#dayTexts[index];
      if (text) setText(text, format.format(new Date(`${value}T12:00`)));
    });
    for (const input of [...this.#days, ...this.#slots]) input.required = this.#isRequired;
  }

  focus(): void {
    const inputs = [...this.#days, ...this.#slots];
    (inputs.find(({ checked }) => checked) ?? inputs[0])?.focus();
  }
}

const checkedIn = (inputs: readonly HTMLInputElement[]): string => inputs.find(({ checked }) => checked)?.value ?? "";

/** The next days outside the weekend, from tomorrow, as ISO dates in the visitor's time zone. */
function nextDays(count: number, weekend: readonly number[]): string[] {
  const days: string[] = [];
  for (let ahead = 1; days.length < Math.min(count, 30) && ahead < 60; ahead += 1) {
    // At noon, since a day may have 23 or 25 hours.
    const date = new Date(new Date().setHours(12, 0, 0, 0) + ahead * DAY_MS);
    if (weekend.includes(date.getDay())) continue;
    days.push(
      [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-"),
    );
  }
  return days;
}

/** Formats days. The browser may not know the code of a language that the page added. */
function dayFormat(code: string): Intl.DateTimeFormat {
  const options = { weekday: "short", day: "numeric", month: "short" } as const;
  try {
    return new Intl.DateTimeFormat(code, options);
  } catch {
    return new Intl.DateTimeFormat("en", options);
  }
}
