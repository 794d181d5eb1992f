import { expect, it, onTestFinished, vi } from 'vitest';
import { ServiceProcess } from './process.js';

/** What the service shows of itself to anyone, and how it ends. */
async function see(): Promise<unknown[]> {
  const { service, client } = await ServiceProcess.start({ ADMIN_PASSWORD: 'the password of a packed one' });
  onTestFinished(() => service.remove());
  const answers = [];
  for (const path of ['/swagger.json', '/swagger', '/swagger/swagger-ui.css', '/health/ready', '/nothing'])
    answers.push(await client.get(path));
  answers.push(await client.post('/token', { login: 'admin', password: 'not the password' }));
  const code = await service.stop();
  return [code, ...answers.map(({ status, text }) => [status, text])];
}

it('the service that tests start shows the same as the one that is shipped', async () => {
  const packed = await see();
  vi.stubEnv('PROVE', 'whole');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(packed).toEqual(await see());
});
