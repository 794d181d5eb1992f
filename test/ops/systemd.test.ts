import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SETTINGS_SCHEMA } from '../../src/settings/settings.js';
import { ServiceProcess } from '../support/process.js';
import { itWithPrograms, runTool } from './tools.js';

const UNIT = readFileSync('ops/systemd/hivegate.service', 'utf8');
/** The exposure that `systemd-analyze security` may find, of 100. It finds 11; later versions may look at more. */
const MOST_EXPOSURE = 15;
/** The Python of the system, which sees the packages of the system. */
const PYTHON = '/usr/bin/python3';

/** Writes a unit file for one test. Its program is the Node that runs here. */
function unitFile(text = UNIT): string {
  const folder = mkdtempSync(join(tmpdir(), 'hivegate-unit-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, 'hivegate.service');
  writeFileSync(path, text.replace('/usr/bin/node', process.execPath));
  return path;
}

const exposure = (unit: string) =>
  runTool([
    'systemd-analyze',
    'security',
    '--no-pager',
    '--offline=yes',
    `--threshold=${MOST_EXPOSURE}`,
    unit,
  ]);

describe('the unit of systemd', () => {
  itWithPrograms(['systemd-analyze'], 'is valid', () => {
    expect(runTool(['systemd-analyze', 'verify', unitFile()])).toEqual({ status: 0, output: '' });
    const { output } = runTool(['systemd-analyze', 'verify', unitFile(UNIT.replace('UMask=', 'Umask='))]);
    expect(output).toMatch(/Unknown key .*'Umask'/);
  });

  itWithPrograms(['systemd-analyze'], 'is confined, as systemd-analyze measures it', () => {
    const { status, output } = exposure(unitFile());
    expect(status, output).toBe(0);
    expect(exposure(unitFile(UNIT.replace('CapabilityBoundingSet=\n', ''))).status).not.toBe(0);
  });

  it('takes secrets as credentials alone, in variables that the service knows', () => {
    const known = Object.values(SETTINGS_SCHEMA).map(({ variable }) => `${variable}_FILE`);
    const files = [...UNIT.matchAll(/^Environment=(\w+_FILE)=%d\/(\w+)$/gm)];
    expect(
      files.map(([, variable = '']) => variable).filter((variable) => !known.includes(variable)),
    ).toEqual([]);
    const loaded = [...UNIT.matchAll(/^LoadCredential=(\w+):\/etc\/hivegate\/credentials\/\1$/gm)];
    expect(files.map(([, , name]) => name)).toEqual(loaded.map(([, name]) => name));
    expect(UNIT).not.toMatch(/^Environment=.*(?:PASSWORD|SECRET|_URL)=/m);
  });

  const lacksSeccomp = runTool([PYTHON, '-c', 'import seccomp']).status !== 0;
  const name = 'lets the service start, sign users in and stop, under its filter of system calls';
  if (lacksSeccomp) it.skip(`${name} (skipped: no python3-seccomp)`, () => undefined);
  else
    itWithPrograms(['systemd-analyze'], name, async () => {
      const within = [PYTHON, resolve('test/ops/under-system-call-filter.py')];
      // The filter is there: changing the scheduler of a process is @resources.
      const schedule = ['sh', '-c', 'chrt --batch 0 true'];
      expect(runTool([...within, unitFile(), ...schedule]).output).toContain('Operation not permitted');
      // The threads that hash passwords lower their priority.
      const nice = ['sh', '-c', 'nice -n 5 true'];
      expect(runTool([...within, unitFile(), ...nice])).toEqual({ status: 0, output: '' });

      const { service, client } = await ServiceProcess.start(
        { ADMIN_PASSWORD: 'the administrator of tests' },
        undefined,
        [...within, unitFile()],
      );
      onTestFinished(() => service.remove());
      const { status } = await client.signIn({ login: 'admin', password: 'the administrator of tests' });
      expect(status).toBe(201);
      expect(await service.stop()).toBe(0);
    });
});
