import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDockerfile, valuesOf } from './dockerfile.js';
import { itWithPythonTools, runPythonTool } from './tools.js';

const { nodeImage, stages } = readDockerfile();
const runs = stages.flatMap((stage) => valuesOf(stage, 'RUN'));
const last = stages.at(-1) ?? stages[0];

describe('the Dockerfile', () => {
  itWithPythonTools('passes hadolint', () => {
    expect(runPythonTool('hadolint', 'Dockerfile')).toEqual({ status: 0, output: '' });
  });

  it('takes one image for all stages, of the version that .nvmrc names', () => {
    expect(new Set(stages.map(({ from }) => from))).toEqual(new Set(['${NODE_IMAGE}']));
    expect(nodeImage).toMatch(
      new RegExp(`^node:${readFileSync('.nvmrc', 'utf8').trim()}-slim(?:@sha256:[0-9a-f]{64})?$`),
    );
  });

  it('runs no install script', () => {
    const installs = runs.filter((command) => /\bnpm (?:ci|i|install|rebuild|prune)\b/.test(command));
    expect(installs).toHaveLength(2);
    for (const command of installs) expect(command).toMatch(/^npm ci (?:--omit=dev )?--ignore-scripts /);
  });

  it('runs as a user with a number that is not root, and owns no code', () => {
    expect(valuesOf(last, 'USER')).toEqual(['1000:1000']);
    for (const value of valuesOf(last, 'COPY')) expect(value).not.toContain('--chown');
  });

  it('copies only what .dockerignore lets through', () => {
    const allowed = readFileSync('.dockerignore', 'utf8').split('\n');
    const copied = stages
      .flatMap((stage) => valuesOf(stage, 'COPY'))
      .filter((value) => !value.startsWith('--from='))
      .flatMap((value) => value.split(/ +/).slice(0, -1));
    expect(copied.filter((path) => !allowed.includes(`!${path}`))).toEqual([]);
    expect(copied.filter((path) => !existsSync(path))).toEqual([]);
    expect(allowed).toContain('*');
  });

  it('passes no secret: neither as an argument nor as a variable', () => {
    const named = stages.flatMap((stage) => [...valuesOf(stage, 'ARG'), ...valuesOf(stage, 'ENV')]).join(' ');
    expect(named).not.toMatch(/PASSWORD|SECRET|TOKEN|postgres:/i);
  });
});
