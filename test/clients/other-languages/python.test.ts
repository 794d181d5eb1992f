import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Driver } from '../harness/driver.js';
import { testClient } from '../harness/suite.js';
import { isAtLeast, runQuietTool, runTool, versionOf } from './tools.js';

const SOURCES = 'test/clients/drivers/python';
const BUILD = resolve('test/clients/generated/python');
const TOOLS = join(BUILD, 'tools');
const BIN = join(TOOLS, 'bin');

const PYTHON: Driver = {
  name: 'openapi-python-client',

  missing: () => {
    const version = versionOf('python3', '-c', 'import ensurepip, sys, venv; print(sys.version)');
    if (version === undefined) return 'no Python with venv';
    return isAtLeast(version, /^(\d+)\.(\d+)/, 3, 11) ? undefined : `Python is older than 3.11: ${version}`;
  },

  prepare: async () => {
    await install();
    rmSync(join(BUILD, 'hivegate_client'), { recursive: true, force: true });
    for (const file of ['driver.py', 'mypy.ini']) cpSync(join(SOURCES, file), join(BUILD, file));
    // The generator formats what it has written with ruff, which it finds on the path.
    const environment = { PATH: [BIN, process.env['PATH']].join(delimiter) };
    await runQuietTool(
      [
        join(BIN, 'openapi-python-client'),
        ...['generate', '--fail-on-warning', '--meta', 'none'],
        ...['--path', resolve('openapi/openapi.json'), '--output-path', join(BUILD, 'hivegate_client')],
      ],
      { environment, notices: [/^Generating /] },
    );
    await runQuietTool([join(BIN, 'mypy'), '--strict', 'driver.py', 'hivegate_client'], {
      cwd: BUILD,
      notices: [/^Success: no issues found/],
    });
    return [join(BIN, 'python'), '-W', 'error', join(BUILD, 'driver.py')];
  },
};

/** Installs what requirements.txt names into an environment of its own, unless that has been done. */
async function install(): Promise<void> {
  const wanted = readFileSync(join(SOURCES, 'requirements.txt'), 'utf8');
  const installed = join(TOOLS, 'installed.txt');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return;
  rmSync(TOOLS, { recursive: true, force: true });
  mkdirSync(BUILD, { recursive: true });
  await runTool(['python3', '-m', 'venv', TOOLS]);
  const pip = [
    join(BIN, 'python'),
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
  ] as const;
  await runTool([...pip, '--requirement', join(SOURCES, 'requirements.txt')]);
  writeFileSync(installed, wanted);
}

testClient(PYTHON);
