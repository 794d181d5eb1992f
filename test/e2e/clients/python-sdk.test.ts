import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMINISTRATOR, TestService } from '../../support/service.js';

/*
 * The official Python SDK, PyPI `devicehive` 2.1.6, against the service. .ci/run installs it into the directory that
 * `PYTHON_SDK` names; where there is none, these tests are skipped.
 */

const run = promisify(execFile);
const SCRIPT = join(import.meta.dirname, 'python_sdk.py');
const CHECKS = [...readFileSync(SCRIPT, 'utf8').matchAll(/^def check_(\w+)/gm)].map(([, name = '']) => name);
const packages = process.env['PYTHON_SDK'];

describe.runIf(packages)('the Python SDK', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start({ COMPATIBILITY: 'devicehive' });
  });
  afterAll(() => service.stop());

  it.each(CHECKS)('%s', async (check) => {
    const { login, password } = ADMINISTRATOR;
    const ran = run('python3', [SCRIPT, service.client.baseUrl, login, password, check], {
      env: { ...process.env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1', PYTHONWARNINGS: 'ignore' },
    });
    // Without a failure it writes nothing; with one, the message of the error holds what it wrote.
    expect(await ran).toEqual({ stdout: '', stderr: '' });
  });
});
