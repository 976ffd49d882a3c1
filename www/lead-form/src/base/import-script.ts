import { createElement } from "./create-element.js";

let failures = 0;

/**
 * Imports a deferred script. Browsers cache a failed import by its URL, so the form retries with a query. The integrity
 * in the page's import map does not apply to that URL: a script element with it loads the module first.
 */
export const importScript = (name: string): Promise<unknown> => {
  const url = new URL(`./lead-form/${name}.js`, import.meta.url).href;
  return import(url).catch(async () => {
    const src = `${url}?${++failures}`;
    for (const { text } of document.querySelectorAll<HTMLScriptElement>("[type=importmap]"))
      for (const [key, integrity] of Object.entries<string>(JSON.parse(text).integrity ?? {}))
        if (new URL(key, document.baseURI).href === url) {
          const script = createElement("script", { type: "module", integrity, src });
          document.head.append(script);
          await new Promise((resolve, reject) => {
            script.onload = resolve;
            script.onerror = reject;
          });
        }
    return import(src);
  });
};
