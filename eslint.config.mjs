import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "**/bin/**",
      "coverage/**",
      "**/node_modules/**",
      "**/*.mjs",
      "**/*.cjs",
      "examples/programs/**",
      "examples/watch/**",
      "examples/many-accounts/**",
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
    },
  },
  { files: ["src/**", "policypack/**"], rules: { "max-lines": ["error", 350] } },
  {
    // Types of the bench need what only the bench installs: `npm --prefix bench run typecheck` checks them.
    files: ["bench/**"],
    ...tseslint.configs.disableTypeChecked,
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      "@typescript-eslint/no-floating-promises": "off",
      "@typescript-eslint/switch-exhaustiveness-check": "off",
    },
  },
  {
    // JavaScript that runs before anything is compiled.
    files: ["scripts/**", "policypack/index.js"],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      ...tseslint.configs.disableTypeChecked.languageOptions,
      globals: { require: "readonly", module: "writable", process: "readonly", __dirname: "readonly" },
    },
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      "@typescript-eslint/no-floating-promises": "off",
      "@typescript-eslint/switch-exhaustiveness-check": "off",
      "@typescript-eslint/no-require-imports": "off",
    },
  },
);
