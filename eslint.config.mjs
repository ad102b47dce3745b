import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["**/bin/**", "coverage/**", "**/node_modules/**", "**/*.mjs", "examples/programs/**"] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
    },
  },
);
