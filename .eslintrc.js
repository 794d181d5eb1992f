import prettier from 'eslint-config-prettier';
import simpleImportSort from 'eslint-plugin-simple-import-sort';
import tseslint from 'typescript-eslint';
import eslint from '@eslint/js';

const nodeGlobals = Object.fromEntries(
  ['AbortSignal', 'Buffer', 'console', 'fetch', 'performance', 'process', 'setTimeout', 'URL'].map((name) => [
    name,
    'readonly',
  ]),
);

const FOCUSED_TEST = {
  selector: 'MemberExpression[object.name=/^(?:describe|it|test)$/][property.name="only"]',
  message: 'A focused test leaves the others out.',
};

/** The rules. ESLint reads them through eslint.config.js, which re-exports them. */
export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      'data/',
      'coverage/',
      'node_modules/',
      // Generated.
      'packages/client/src/schema.ts',
      // The drivers need the generated clients, which are there only once the tests have run. tsc checks them then.
      'test/clients/drivers/',
      'test/clients/generated/',
    ],
  },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    plugins: { 'simple-import-sort': simpleImportSort },
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['.eslintrc.js', 'eslint.config.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // Modules, guards and strategies are classes with decorators and little else; DTOs and views get theirs from fields.
      '@typescript-eslint/no-extraneous-class': ['error', { allowEmpty: true, allowWithDecorator: true }],
      // Numbers read well in messages.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // DTOs, views and documents are classes because decorators need them: plain objects of that shape are fine.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Index signatures are accessed by brackets, so that a name that TypeScript knows stands out.
      '@typescript-eslint/dot-notation': 'off',
      eqeqeq: 'error',
      curly: ['error', 'multi-line', 'consistent'],
      'simple-import-sort/imports': ['error', { groups: [['^node:', '^\\w', '^@', '^\\.']] }],
      // The inside of a package changes without notice.
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@nestjs/common',
              importNames: ['Query'],
              message: 'Use @QueryParameters(): every other route refuses a query.',
            },
          ],
          patterns: ['@nestjs/*/*', 'fastify/*', 'typeorm/*', 'class-validator/*'],
        },
      ],
      'no-restricted-syntax': [
        'error',
        FOCUSED_TEST,
        {
          selector: 'MemberExpression[object.name="process"][property.name="env"]',
          message: 'Only src/settings/sources.ts reads the environment.',
        },
      ],
    },
  },
  {
    files: ['src/http/query-parameters.decorator.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['src/settings/sources.ts', 'test/**', 'bench/**', 'examples/**', 'scripts/**'],
    rules: {
      'no-restricted-syntax': ['error', FOCUSED_TEST],
    },
  },
  {
    files: ['test/**', '**/*.spec.ts'],
    rules: {
      // A trial counts what the database driver does.
      'no-restricted-imports': 'off',
      // Responses are read as they came.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Texts are split by code points on purpose.
      '@typescript-eslint/no-misused-spread': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { ...tseslint.configs.disableTypeChecked.languageOptions, globals: nodeGlobals },
  },
  {
    // TypeScript knows what there is in a browser (src/openapi/page/tsconfig.json).
    files: ['src/openapi/page/*.mjs'],
    rules: { 'no-undef': 'off' },
  },
  prettier,
);
