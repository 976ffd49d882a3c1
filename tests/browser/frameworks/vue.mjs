// Vue: properties where the element has them.
import { createApp, h, shallowRef } from "vue";

let given;
export function render(place, value) {
  if (given) return void (given.value = value);
  given = shallowRef(value);
  createApp({
    setup: () => () => {
      const { attributes, ...properties } = given.value;
      return h("icloud-ready-lead-form", { ...attributes, ...properties });
    },
  }).mount(place);
}
