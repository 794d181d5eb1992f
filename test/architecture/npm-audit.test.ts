import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';

const ADVISORIES = '/-/npm/v1/security/advisories/bulk';
const HOLE = {
  id: 1,
  url: 'https://example.com/advisories/1',
  title: 'Lets anybody in',
  severity: 'critical',
  vulnerable_versions: '>=0',
};

/** Runs `scripts/audit.mjs` against a registry that answers as `advisories` says; undefined: it knows no audits. */
async function audit(advisories?: object): Promise<{ code: unknown; output: string }> {
  const registry = createServer((request, response) => {
    request.resume().once('end', () => {
      const knows = advisories !== undefined && request.url === ADVISORIES;
      response.writeHead(knows ? 200 : 405, { 'content-type': 'application/json' });
      response.end(JSON.stringify(knows ? advisories : {}));
    });
  }).listen(0, '127.0.0.1');
  await once(registry, 'listening');
  onTestFinished(() => void registry.close());
  const address = registry.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const script = spawn(process.execPath, ['scripts/audit.mjs'], {
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      npm_config_registry: `http://127.0.0.1:${port}/`,
      npm_config_fetch_retries: '0',
    },
  });
  let output = '';
  script.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = await once(script, 'close');
  return { code: code as unknown, output };
}

it(
  'an audit fails for a known hole in what runs in production, and names it',
  { timeout: 60_000 },
  async () => {
    const { code, output } = await audit({ fastify: [HOLE] });
    expect(output).toMatch(/^audit: fastify .*critical: Lets anybody in$/m);
    expect(code).toBe(1);
  },
);

it(
  'passes when nothing is known, of what is used for development alone either',
  { timeout: 60_000 },
  async () => {
    const { code, output } = await audit({ vitest: [HOLE] });
    expect(output).toMatch(/^audit: \d{3} packages at run time, 0 with a known hole$/m);
    expect(code).toBe(0);
  },
);

it(
  'does not take a registry that cannot be asked for one that knows of nothing',
  { timeout: 60_000 },
  async () => {
    const { code, output } = await audit();
    expect(output).toMatch(/could not be asked/);
    expect(code).toBe(2);
  },
);
