import { cpSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Driver } from '../harness/driver.js';
import { testClient } from '../harness/suite.js';
import { go, missingGo } from './go-tools.js';

const SOURCES = 'test/clients/drivers/go';
const BUILD = resolve('test/clients/generated/go');

const GO: Driver = {
  name: 'oapi-codegen',
  missing: missingGo,
  prepare: async () => {
    rmSync(BUILD, { recursive: true, force: true });
    cpSync(SOURCES, BUILD, { recursive: true });
    await go(BUILD, [
      'tool',
      'oapi-codegen',
      '-config',
      'oapi-codegen.yaml',
      resolve('openapi/openapi.json'),
    ]);
    await go(BUILD, ['vet', './...']);
    await go(BUILD, ['build', '-o', 'driver', '.']);
    return [join(BUILD, 'driver')];
  },
};

testClient(GO);
