// Contrast as WCAG computes it, of colors as the browser draws them. Runs in a page.

/** Defines `contrast(one, other)` in a page: of CSS colors, each with what is below it. */
export function defineContrast() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const drawn = (colors) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const color of colors) {
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (color) => {
    const [red, green, blue] = color.map((value) =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  globalThis.contrast = (one, other) => {
    const [dark, light] = [luminance(drawn(one)), luminance(drawn(other))].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
}
