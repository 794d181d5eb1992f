// Writes the OpenAPI document of the built service to openapi/, or with --check says whether what is there is old.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createService } from '../dist/create-app.js';
import { makeDocument } from '../dist/openapi/document.js';
import { readSettings } from '../dist/settings/read-settings.js';

/** Where `npm start` serves the API. */
const SERVER = 'http://127.0.0.1:8080';
const TARGET = new URL('../openapi/openapi.json', import.meta.url);

const directory = mkdtempSync(join(tmpdir(), 'hivegate-openapi-'));
const settings = readSettings({
  DATABASE_URL: `sqlite:${join(directory, 'users.sqlite')}`,
  LOG_LEVEL: 'silent',
});
const { app } = await createService(settings);
const document = `${JSON.stringify(makeDocument(app, settings, SERVER), null, 2)}\n`;
await app.close();
rmSync(directory, { recursive: true });

if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== document) {
    console.error('openapi/openapi.json is out of date: run `npm run openapi`');
    process.exitCode = 1;
  }
} else {
  writeFileSync(TARGET, document);
}
