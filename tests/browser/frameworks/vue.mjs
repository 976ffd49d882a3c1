// Vue sets properties where the element has them.
import { createApp, h, shallowRef } from "vue";

let props;
export function render(place, value) {
  if (props) return void (props.value = value);
  props = shallowRef(value);
  createApp({
    setup: () => () => {
      const { attributes, ...properties } = props.value;
      return h("icloud-ready-lead-form", { ...attributes, ...properties });
    },
  }).mount(place);
}
