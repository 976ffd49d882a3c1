// Svelte: properties where the element has setters for them.
import { flushSync, mount } from "svelte";
import App from "./App.svelte";

let app;
export function render(place, given) {
  app ??= mount(App, { target: place, props: { first: given } });
  flushSync(() => app.give(given));
}
