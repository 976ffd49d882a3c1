/** The parts of the element that a mode needs. */
export interface ModeHost extends HTMLElement {
  readonly mode: string | null;
  /** Opens the form. */
  show(): Promise<void>;
  /** Loads the scripts that `show()` needs. */
  prepare(): unknown;
  hide(): void;
  reset(): void;
}
