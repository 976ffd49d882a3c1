// `cargo xtask check eslint` runs ESLint. The lead form's types need a built package (`cargo xtask build`).

import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import globals from "globals";
import ts from "typescript-eslint";

/** A member that is left out of a copy (`const { id, ...rest } = record`) is not unused. */
const unusedVars = ["error", { ignoreRestSiblings: true }];

export default defineConfig(
  globalIgnores([
    // Written by a tool.
    "pkg/",
    "target/",
    "pkg-template/wasm/",
    "pkg-template/src/**/generated/",
    "tests/golden/",
    // `import source`, which espree does not parse.
    "pkg-template/runtime/deno.js",
    "tests/runtimes/cells/deno.mjs",
  ]),
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    // Prettier breaks code, but not comments. Neither breaks strings: users search for messages.
    rules: {
      "max-len": [
        "error",
        { code: 120, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true },
      ],
    },
  },
  {
    files: ["**/*.{js,mjs}"],
    extends: [js.configs.recommended],
    languageOptions: {
      // Tests contain functions that run in pages.
      globals: { ...globals.node, ...globals.browser },
      parserOptions: { ecmaFeatures: { jsx: true } },
    },
    rules: { "no-unused-vars": unusedVars },
  },
  {
    files: ["pkg-template/src/**/*.ts", "www/lead-form/src/**/*.ts"],
    extends: [js.configs.recommended, ts.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/no-unused-vars": unusedVars,
      // Responses of the CRM and of the wasm have no type; what the package exports is checked by tests/types.
      "@typescript-eslint/no-explicit-any": "off",
      // A hole in a list of arguments is smaller than `undefined` in the bundle.
      "no-sparse-arrays": "off",
    },
  },
  {
    files: [
      "tests/types/*.{ts,tsx}",
      "www/lead-form/*.d.ts",
      "www/lead-form/react/*.d.ts",
      "pkg-template/runtime/*.d.ts",
    ],
    extends: [js.configs.recommended, ts.configs.recommended],
  },
);
