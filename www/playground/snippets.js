// The markup that gives the form of the playground, for each kind of page.

import { directionOf } from "./config.js";
import { needsSchema, plainForm, schemaOf, triggerText } from "./fields.js";
import { DIALOG_ID, attributesOf, propertiesOf } from "./markup.js";

export const KINDS = { html: "HTML", react: "React", vue: "Vue", wordpress: "WordPress", gtm: "GTM" };

/** The package's version, and the hashes of its scripts, from the files that the build writes next to them. */
export async function loadRelease() {
  const [head, integrity] = await Promise.all([
    fetch("/icloud-ready/lead-form/snippet.html").then((response) => response.text()),
    fetch("/icloud-ready/lead-form/integrity.json").then((response) => response.json()),
  ]);
  const [, base] = /src="([^"]+)\/lead-form\.js"/.exec(head);
  const [imports] = /<script type="importmap">[^]*?<\/script>/.exec(head);
  return { base, imports, integrity };
}

const THEMES = "lead-form/themes.css";

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** Attributes as HTML; JSON is quoted so that it stays readable. */
const attribute = ([name, value]) =>
  name === "schema"
    ? `schema='${value.replaceAll("&", "&amp;").replaceAll("'", "&#39;")}'`
    : `${name}="${escape(value)}"`;

function plainMarkup(config, { indent, selfClosing, attributes: rename = (name) => name }) {
  const { inputs, submit } = plainForm(config.language);
  const lines = inputs.map(({ label, ...attributes }) => {
    const written = Object.entries(attributes).map(([name, value]) => `${rename(name)}="${value}"`);
    return `${indent}  <p><label>${label} <input ${written.join(" ")} required${selfClosing ? " />" : ">"}</label></p>`;
  });
  return [
    `${indent}<form action="${escape(config.endpoint)}" method="post">`,
    ...lines,
    `${indent}  <button>${submit}</button>`,
    `${indent}</form>`,
  ].join("\n");
}

/** The element's rule. */
function css(config) {
  const rules = Object.entries(propertiesOf(config)).map(([name, value]) => `  ${name}: ${value};`);
  const plain =
    config.mode === "inline"
      ? []
      : [
          "/* The plain form is for visitors without scripts. */",
          "@media (scripting: enabled) {",
          "  icloud-ready-lead-form:not(:defined) { display: none }",
          "}",
        ];
  return ["icloud-ready-lead-form {", ...rules, "}", ...plain].join("\n");
}

/** The button that opens a popup or slide-in. */
const trigger = ({ mode, language }, indent) =>
  mode === "inline"
    ? ""
    : `${indent}<button type="button" data-lead-form="${DIALOG_ID}">${triggerText(language)}</button>\n`;

const themesLink = (base, integrity) =>
  `<link rel="stylesheet" href="${base}/${THEMES}" integrity="${integrity[THEMES]}" crossorigin>`;

function html(config, { base, imports, integrity }) {
  const language = `lead-form/languages/${config.language}.js`;
  const written = Object.entries(attributesOf(config)).map(attribute).join("\n    ");
  return `<!-- In the head, before other module scripts -->
${imports}
<link rel="modulepreload" href="${base}/${language}" integrity="${integrity[language]}" crossorigin>
<script type="module" src="${base}/lead-form.js" integrity="${integrity["lead-form.js"]}" crossorigin></script>
${config.theme === "default" ? "" : `${themesLink(base, integrity)}\n`}<style>
${css(config)}
</style>

<!-- In the body -->
<div lang="${config.language}" dir="${directionOf(config)}">
${trigger(config, "  ")}  <icloud-ready-lead-form
    ${written}>
${plainMarkup(config, { indent: "    " })}
  </icloud-ready-lead-form>
</div>`;
}

const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
/** A CSS property as React's `style` has it. */
const styleName = (name) => (name.startsWith("--") ? JSON.stringify(name) : camel(name));

function react(config) {
  const style = Object.entries(propertiesOf(config)).map(
    ([name, value]) => `  ${styleName(name)}: ${JSON.stringify(value)},`,
  );
  const { schema: _, ...attributes } = attributesOf(config);
  const props = Object.entries(attributes).map(([name, value]) => `${camel(name)}=${JSON.stringify(value)}`);
  if (needsSchema(config)) props.push("schema={schema}");
  props.push("style={style}");
  const schema = needsSchema(config)
    ? `const schema = ${JSON.stringify(schemaOf(config), null, 2)};

`
    : "";
  const isInline = config.mode === "inline";
  const rename = { autocomplete: "autoComplete" };
  return `// npm install icloud-ready
import { LeadForm } from "icloud-ready/react";
${config.theme === "default" ? "" : 'import "icloud-ready/lead-form/themes.css";\n'}
${schema}const style = {
${style.join("\n")}
};

export function Enquiry() {
  return (
${isInline ? "" : `    <>\n${trigger(config, "    ")}`}    <LeadForm
      ${props.join("\n      ")}
    >
${plainMarkup(config, { indent: "      ", selfClosing: true, attributes: (name) => rename[name] ?? name })}
    </LeadForm>
${isInline ? "" : "    </>\n"}  );
}`;
}

function vue(config) {
  const { schema, ...attributes } = attributesOf(config);
  const written = Object.entries(attributes).map(attribute);
  if (schema) written.push(':schema="schema"');
  const constant = schema ? `\n\nconst schema = ${JSON.stringify(schemaOf(config), null, 2)};` : "";
  return `<!-- npm install icloud-ready
     vite.config.js: vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === "icloud-ready-lead-form" } } }) -->
<script setup>
import "icloud-ready/lead-form";${config.theme === "default" ? "" : '\nimport "icloud-ready/lead-form/themes.css";'}${constant}
</script>

<template>
${trigger(config, "  ")}  <icloud-ready-lead-form
    ${written.join("\n    ")}
  >
${plainMarkup(config, { indent: "    ", selfClosing: true })}
  </icloud-ready-lead-form>
</template>

<style>
${css(config)}
</style>`;
}

/** Shortcodes have no quotes inside attributes: a schema is the shortcode's content. */
function wordpress(config) {
  const { schema, ...attributes } = attributesOf(config);
  // The font is the theme's.
  const properties = Object.entries(propertiesOf(config)).filter(([name]) => name !== "font-family");
  const style = properties.map((property) => property.join(":")).join(";");
  const written = Object.entries({ ...attributes, style }).map(
    ([name, value]) => `${name.replaceAll("-", "_")}="${value.replaceAll('"', "")}"`,
  );
  const button = trigger(config, "");
  const open = `${button}[icloud_ready_lead_form ${written.join(" ")}`;
  return schema ? `${open}]${schema}[/icloud_ready_lead_form]` : `${open}]`;
}

/** A tag of the type "Custom HTML", which Google Tag Manager reads as ECMAScript 5. */
function gtm(config, { base, integrity }) {
  const set = Object.entries(attributesOf(config)).map(
    ([name, value]) => `    form.setAttribute(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  const style = Object.entries(propertiesOf(config)).map(
    ([name, value]) => `    form.style.setProperty(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  const theme = `    var themes = document.createElement("link");
    themes.rel = "stylesheet";
    themes.href = "${base}/${THEMES}";
    themes.integrity = "${integrity[THEMES]}";
    themes.crossOrigin = "anonymous";
    document.head.appendChild(themes);
`;
  const button = `    var button = document.createElement("button");
    button.type = "button";
    button.setAttribute("data-lead-form", "${DIALOG_ID}");
    button.textContent = ${JSON.stringify(triggerText(config.language))};
    place.appendChild(button);
`;
  const extra = (config.theme === "default" ? "" : theme) + (config.mode === "inline" ? "" : button);
  // A text in a script must not end it.
  const lines = [...set, ...style].join("\n").replaceAll("</", "<\\/");
  return `<!-- Trigger: DOM Ready, on pages with <div id="lead-form"></div> -->
<script>
  (function () {
    var place = document.getElementById("lead-form");
    if (!place) return;
    var script = document.createElement("script");
    script.type = "module";
    script.src = "${base}/lead-form.js";
    script.integrity = "${integrity["lead-form.js"]}";
    script.crossOrigin = "anonymous";
    document.head.appendChild(script);
${extra}    var form = document.createElement("icloud-ready-lead-form");
${lines}
    form.setAttribute("data-layer", "");
    place.appendChild(form);
  })();
</script>`;
}

const WRITERS = { html, react, vue, wordpress, gtm };

/** The snippet of a kind. */
export const snippet = (kind, config, release) => WRITERS[kind](config, release);
