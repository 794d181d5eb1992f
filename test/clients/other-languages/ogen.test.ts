import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { go, missingGo } from './go-tools.js';

/*
 * ogen makes a type of its own of every response that it takes for another one. The client is not run: what
 * oapi-codegen does not show is how many types of errors the document makes.
 */

const SOURCES = 'test/clients/drivers/ogen';
const BUILD = resolve('test/clients/generated/ogen');

/** Said of every header whose name is not as Go writes it, such as `ETag`, and where errors are made convenient. */
const NOTICES = [
  /^WARN\tHeader name is not canonical/,
  /^INFO\tconvenient\tGenerating convenient error response/,
];

const missing = missingGo();
if (missing !== undefined) console.log(`The client by ogen is not tested: ${missing}`);

describe.skipIf(missing !== undefined)('the client by ogen', () => {
  beforeAll(async () => {
    rmSync(BUILD, { recursive: true, force: true });
    cpSync(SOURCES, BUILD, { recursive: true });
    await go(BUILD, ['tool', 'ogen', '-target', 'api', '-clean', resolve('openapi/openapi.json')], NOTICES);
  }, 600_000);

  it('compiles', async () => {
    await go(BUILD, ['build', './...']);
  }, 600_000);

  it('has one type of errors, and one wrapper for each response with it that operations share', () => {
    const types = readFileSync(join(BUILD, 'api/oas_schemas_gen.go'), 'utf8');
    expect(types).toMatch(/^type ApiError struct/m);
    expect(types.match(/^type \w+ ApiError$/gm), 'types of the same fields').toBeNull();
    const document = JSON.parse(readFileSync('openapi/openapi.json', 'utf8')) as {
      components: { responses: object };
    };
    const shared = Object.values(document.components.responses).filter((response) =>
      JSON.stringify(response).includes('"#/components/schemas/ApiError"'),
    );
    expect(types.match(/^\tResponse +ApiError$/gm)).toHaveLength(shared.length);
  });
});
