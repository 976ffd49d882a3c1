// The contrast of the form's colors, as WCAG 2.2 computes it, from what the browser shows.

const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

/** A computed color as red, green, blue from 0 to 255, on a white or given background. */
export function toRgb(color, background = [255, 255, 255]) {
  canvas.fillStyle = `rgb(${background.join(" ")})`;
  canvas.fillRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

/** The contrast ratio of two colors, from 1 to 21. */
export function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color) {
  const [red, green, blue] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** What is compared with what, and the ratio that WCAG 2.2 AA requires. */
const PAIRS = [
  { token: "on-accent", label: "Text on the button", front: "on-accent", back: "accent", atLeast: 4.5 },
  { token: "text", label: "Text on the background", front: "text", back: "surface", atLeast: 4.5 },
  { token: "input", label: "Text in inputs", front: "text", back: "input", atLeast: 4.5 },
  { token: "text-muted", label: "Secondary text", front: "text-muted", back: "surface", atLeast: 4.5 },
  { token: "border", label: "Borders", front: "border", back: "surface", atLeast: 3 },
  { token: "accent", label: "The button", front: "accent", back: "surface", atLeast: 3 },
  { token: "error", label: "Errors", front: "error", back: "surface", atLeast: 4.5 },
  { token: "warning", label: "Warnings", front: "warning", back: "surface", atLeast: 4.5 },
];

/** The form's colors as the frame shows them, by token, as `#rrggbb`. */
export function colorsOf(frame, tokens) {
  const form = frame.contentDocument?.querySelector("icloud-ready-lead-form");
  const root = form?.shadowRoot?.querySelector("[part=root]");
  if (!root) return {};
  const probe = root.ownerDocument.createElement("span");
  root.append(probe);
  const colors = {};
  for (const token of tokens) {
    probe.style.color = `var(--${token})`;
    // A property that is not set, as of parts that load later, leaves the color of the text.
    const isSet = frame.contentWindow.getComputedStyle(root).getPropertyValue(`--${token}`) !== "";
    if (!isSet) continue;
    const [red, green, blue] = toRgb(frame.contentWindow.getComputedStyle(probe).color);
    colors[token] = `#${[red, green, blue].map((value) => value.toString(16).padStart(2, "0")).join("")}`;
  }
  probe.remove();
  return colors;
}

/** The pairs whose contrast is too low: `{ token, label, ratio, atLeast }`. */
export function lowContrasts(colors) {
  return PAIRS.filter(({ front, back }) => colors[front] && colors[back])
    .map(({ front, back, ...pair }) => ({ ...pair, ratio: contrast(toRgb(colors[front]), toRgb(colors[back])) }))
    .filter(({ ratio, atLeast }) => ratio < atLeast);
}
