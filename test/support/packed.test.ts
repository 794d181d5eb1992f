import { expect, it, onTestFinished, vi } from 'vitest';
import { ServiceProcess } from './process.js';

/** Starts the service, and returns its responses to some requests and its exit code. */
async function see(): Promise<unknown[]> {
  const { service, client } = await ServiceProcess.start({ ADMIN_PASSWORD: 'a password of the bundle' });
  onTestFinished(() => service.remove());
  const answers = [];
  for (const path of ['/swagger.json', '/swagger', '/swagger/swagger-ui.css', '/health/ready', '/nothing'])
    answers.push(await client.get(path));
  answers.push(await client.post('/token', { login: 'admin', password: 'not the password' }));
  const code = await service.stop();
  return [code, ...answers.map(({ status, text }) => [status, text])];
}

it('the bundled service responds as the one that is shipped', async () => {
  const packed = await see();
  vi.stubEnv('PROVE', 'whole');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(packed).toEqual(await see());
});
