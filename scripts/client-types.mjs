/**
 * Writes the types of the API document to packages/client/src/schema.ts: `npm run client:types`. With --check it says
 * whether the file that is there is out of date.
 *
 * Values of named enumerations become constants, because a type alone has no value: `UserRole.Administrator`. Their
 * names are `x-enum-varnames` of the document.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

const DOCUMENT = new URL('../openapi/openapi.json', import.meta.url);
const TARGET = new URL('../packages/client/src/schema.ts', import.meta.url);

const document = JSON.parse(readFileSync(DOCUMENT, 'utf8'));
// The client asks for JSON: with streams, each of its responses might be text.
for (const item of Object.values(document.paths))
  for (const { responses = {} } of Object.values(item))
    for (const { content } of Object.values(responses)) delete content?.['text/event-stream'];
const types = astToString(await openapiTS(document, { alphabetize: false, defaultNonNullable: false }));
const source = [
  '// Made from openapi/openapi.json by `npm run client:types`. Do not edit.',
  types,
  ...Object.entries(document.components.schemas).flatMap(constantsOf),
].join('\n');
const text = await format(source, { ...(await resolveConfig(TARGET.pathname)), parser: 'typescript' });

if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== text) {
    console.error('packages/client/src/schema.ts is out of date: run `npm run client:types`');
    process.exitCode = 1;
  }
} else {
  writeFileSync(TARGET, text);
}

/** The constants and the type of a named enumeration, with its description; nothing for any other schema. */
function constantsOf([schema, { description, enum: values, 'x-enum-varnames': names }]) {
  if (!values || !names) return [];
  // Other languages have one space for all names, so the document says `ClientRole`. Here it is `UserRole.Client`.
  const [last] = /[A-Z][a-z]+$/.exec(schema);
  const isRepeated = names.every((name) => name.endsWith(last));
  const members = values.map((value, index) => {
    const name = isRepeated ? names[index].slice(0, -last.length) : names[index];
    return `${name}: ${JSON.stringify(value)},`;
  });
  const comment = `/** ${description} */`;
  return [
    comment,
    `export const ${schema} = {`,
    ...members,
    '} as const;',
    comment,
    `export type ${schema} = components['schemas']['${schema}'];`,
  ];
}
