// Svelte sets properties where the element has setters for them.
import { flushSync, mount } from "svelte";
import App from "./App.svelte";

let app;
export function render(place, props) {
  app ??= mount(App, { target: place, props: { first: props } });
  flushSync(() => app.setProps(props));
}
