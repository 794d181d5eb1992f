import { expect, it, onTestFinished, vi } from 'vitest';
import { ServiceProcess } from './process.js';

/** Starts the service, and returns its responses to some requests and its exit code. */
async function see(): Promise<unknown[]> {
  const password = 'a password of the bundle';
  const { service, client } = await ServiceProcess.start({ ADMIN_PASSWORD: password });
  onTestFinished(() => service.remove());
  const answers = [];
  for (const path of ['/swagger.json', '/swagger', '/swagger/swagger-ui.css', '/health/ready', '/nothing'])
    answers.push(await client.get(path));
  answers.push(await client.post('/token', { login: 'admin', password: 'not the password' }));
  const { body } = await client.signIn({ login: 'admin', password });
  // Its query is derived from another.
  answers.push(await client.as(body.accessToken as string).get('/user/count?role=0'));
  const code = await service.stop();
  return [code, ...answers.map(({ status, text }) => [status, text])];
}

it('the bundled service responds as the one that is shipped', async () => {
  const packed = await see();
  vi.stubEnv('PROVE', 'whole');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(packed).toEqual(await see());
});
