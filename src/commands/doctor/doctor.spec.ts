import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { checkClock } from './check-clock.js';
import { checkNode, checkOpenFiles, checkSpace } from './check-host.js';
import { checkProxies, isLoopback } from './check-settings.js';
import { checkWebhooks } from './check-webhooks.js';

describe('the doctor', () => {
  it.each([
    ['20.18.9', 'error'],
    ['20.19.0', 'ok'],
    ['21.7.0', 'error'],
    ['22.11.0', 'error'],
    ['22.12.0', 'ok'],
    ['23.9.0', 'error'],
    ['24.0.0', 'ok'],
    ['26.1.0', 'ok'],
  ])('judges Node %s as package.json does: %s', (version, level) => {
    expect(checkNode(version).level).toBe(level);
  });

  it.each([
    [256, 'warning'],
    [1024, 'ok'],
    [Infinity, 'ok'],
  ])('judges an open-file limit of %d: %s', (limit, level) => {
    expect(checkOpenFiles(limit).level).toBe(level);
  });

  it.each([
    [0, 'error'],
    [99 * 2 ** 20, 'error'],
    [100 * 2 ** 20, 'warning'],
    [2 ** 30, 'ok'],
  ])('judges %d free bytes: %s', (free, level) => {
    expect(checkSpace(free, '/data').level).toBe(level);
  });

  it('reaches for the receiver of webhooks, by TLS where it has to be, and names its host alone', async () => {
    const server = createServer((socket) => {
      socket
        .on('error', () => undefined)
        .resume()
        .end('no TLS');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const check = async (webhookUrl?: string) => {
      const diagnoses = await checkWebhooks({ webhookUrl });
      expect(JSON.stringify(diagnoses)).not.toContain('secret');
      return diagnoses.map(({ level }) => level);
    };
    expect(await check()).toEqual([]);
    expect(await check(`http://${host}/secret?key=secret`)).toEqual(['ok']);
    expect(await check(`https://${host}/secret?key=secret`)).toEqual(['warning']);
    server.close();
    await once(server, 'close');
    expect(await check(`http://${host}/secret?key=secret`)).toEqual(['warning']);
  });

  it('compares the clock with that of the database, and with the time of its version', () => {
    const now = Date.UTC(2027, 0, 1);
    expect(checkClock(now).level).toBe('ok');
    expect(checkClock(now, now - 1999).level).toBe('ok');
    expect(checkClock(now, now + 2000).level).toBe('warning');
    expect(checkClock(now, now - 60_000).level).toBe('error');
    expect(checkClock(Date.UTC(2025, 0, 1)).level).toBe('error');
    expect(checkClock(0, 0).level).toBe('error');
  });

  it.each([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['::1', true],
    ['[::1]', true],
    ['::ffff:127.0.0.1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['localhost.example.com', false],
    ['db', false],
  ])('knows whether only this machine reaches %s: %s', (host, isLocal) => {
    expect(isLoopback(host)).toBe(isLocal);
  });

  it('holds TRUST_PROXY against HOST', () => {
    const levelOf = (host: string, trustProxy: false | number | string) =>
      checkProxies({ host, trustProxy }).map(({ level }) => level);
    expect(levelOf('127.0.0.1', false)).toEqual(['ok']);
    expect(levelOf('127.0.0.1', 1)).toEqual(['ok']);
    expect(levelOf('0.0.0.0', false)).toEqual(['warning']);
    expect(levelOf('0.0.0.0', 1)).toEqual(['warning']);
    expect(levelOf('0.0.0.0', '10.0.0.0/8')).toEqual(['ok']);
  });
});
