// The frames: one form, or the form in all languages, colors and widths at once.

import { LANGUAGES, SCHEMES, writeConfig } from "./config.js";

const ALL_WIDTHS = ["320", "390", "1280"];
/** Frames are as tall as their page, so that none of them scrolls. */
const MIN_HEIGHT_PX = 240;
/** A dialog does not make its page taller. */
const DIALOG_HEIGHT_PX = 760;

/** Shows the frames of the settings. `onRendered` gets the first frame whenever its form is shown. */
export function showStage(stage, config, onRendered) {
  const configs = config.view === "all" ? variants(config) : [config];
  stage.dataset.view = config.view;
  while (stage.children.length > configs.length) stage.lastElementChild.remove();
  for (const [index, one] of configs.entries()) {
    const figure = stage.children[index] ?? stage.appendChild(newFigure());
    showFrame(figure, one, index === 0 ? onRendered : undefined);
  }
}

const variants = (config) =>
  Object.keys(SCHEMES).flatMap((scheme) =>
    Object.keys(LANGUAGES).flatMap((language) => ALL_WIDTHS.map((width) => ({ ...config, scheme, language, width }))),
  );

function newFigure() {
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  const frame = Object.assign(document.createElement("iframe"), { title: "The form" });
  figure.append(caption, frame);
  return figure;
}

function showFrame(figure, config, onRendered) {
  const [caption, frame] = figure.children;
  const { width, language, scheme } = config;
  caption.textContent = `${LANGUAGES[language]} · ${scheme} · ${width} px`;
  figure.style.setProperty("--width", width);
  const address = `/playground/frame.html${writeConfig({ ...config, view: "one" })}`;
  frame.onload = () => {
    const { contentDocument: page } = frame;
    const min = config.mode === "inline" ? MIN_HEIGHT_PX : DIALOG_HEIGHT_PX;
    const fit = () => {
      frame.style.blockSize = `${Math.max(min, page.body.offsetHeight)}px`;
    };
    new frame.contentWindow.ResizeObserver(fit).observe(page.body);
    page.addEventListener("rendered", () => onRendered?.(frame));
    if (page.documentElement.dataset.settings !== undefined) onRendered?.(frame);
  };
  if (figure.dataset.address === address) return;
  figure.dataset.address = address;
  frame.contentWindow.location.replace(address);
}
