import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import express from 'express';
import fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Controller, Get, Module, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import * as forExpress from '../../packages/verify/src/express.js';
import * as forFastify from '../../packages/verify/src/fastify.js';
import { HivegateGuard, principalOf, Public, Requires } from '../../packages/verify/src/nest.js';
import type { Principal } from '../../packages/verify/src/principal.js';
import { createVerifier, type Verifier } from '../../packages/verify/src/verifier.js';
import { Issuer } from '../../packages/verify/test/issuer.js';

/*
 * One application in each framework, with the same routes: `/free` for everyone, `/me` for each good token, and
 * `/networks/:networkId/devices` for those that may read the devices of the network.
 */

type Start = (verifier: Verifier) => Promise<string>;
const REACH = { network: 'networkId' };
const view = ({ userId, networks }: Principal) => ({ userId, networks });

const startExpress: Start = async (verifier) => {
  const app = express();
  // It logs no errors there.
  app.set('env', 'test');
  app.get('/free', (_request, response) => {
    response.json({});
  });
  app.use(forExpress.bearer(verifier));
  app.get('/me', (request, response) => {
    expect(request.user).toBe(forExpress.principalOf(request));
    response.json(view(forExpress.principalOf(request)));
  });
  app.get('/networks/:networkId/devices', forExpress.requires('GetDevice', REACH), (_request, response) => {
    response.json([]);
  });
  app.get('/misspelt/:network', forExpress.requires('GetDevice', REACH), (_request, response) => {
    response.json([]);
  });
  const server: Server = createServer(app).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const startFastify: Start = async (verifier) => {
  const app = fastify();
  app.get('/free', () => ({}));
  await app.register(async (guarded) => {
    await guarded.register(forFastify.bearer(verifier));
    guarded.get('/me', (request) => view(forFastify.principalOf(request)));
    const onRequest = forFastify.requires('GetDevice', REACH);
    guarded.get('/networks/:networkId/devices', { onRequest }, () => []);
    guarded.get('/misspelt/:network', { onRequest }, () => []);
  });
  onTestFinished(() => app.close());
  return app.listen({ host: '127.0.0.1', port: 0 });
};

abstract class Devices {
  @Get('networks/:networkId/devices')
  devices() {
    return [];
  }

  @Get('misspelt/:network')
  misspelt() {
    return [];
  }
}
// A decorator of a class that another one extends holds for that one too.
Requires('GetDevice', REACH)(Devices);

@Controller()
class DevicesController extends Devices {}

@Controller()
class OwnController {
  @Get('free')
  @Public()
  free() {
    return {};
  }

  @Get('me')
  me(@Req() request: { readonly user: Principal }) {
    expect(request.user).toBe(principalOf(request));
    return view(request.user);
  }
}

@Controller('public')
@Public()
class PublicController {
  @Get('free')
  free() {
    return {};
  }

  @Get('networks/:networkId')
  @Requires('GetDevice', REACH)
  network() {
    return {};
  }
}

@Module({ controllers: [OwnController, DevicesController, PublicController] })
class AppModule {}

const startNest: Start = async (verifier) => {
  const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
  app.useGlobalGuards(new HivegateGuard(verifier));
  await app.listen(0, '127.0.0.1');
  onTestFinished(() => app.close());
  return app.getUrl();
};

describe.each<[string, Start]>([
  ['Express', startExpress],
  ['Fastify', startFastify],
  ['Nest', startNest],
])('the guard for %s', (_name, start) => {
  it('lets in good tokens, and says with status and headers why it does not', async () => {
    const issuer = await Issuer.start();
    const verifier = createVerifier({ issuer: issuer.url, feed: () => issuer.token(), maxStaleness: 200 });
    onTestFinished(() => {
      verifier.close();
    });
    const url = await start(verifier);
    const get = async (path: string, authorization?: string) => {
      const response = await fetch(url + path, { headers: { ...(authorization && { authorization }) } });
      const text = await response.text();
      expect(text).not.toMatch(/ey[\w-]{10}/);
      const { status, headers } = response;
      const [challenge, retryAfter] = [headers.get('www-authenticate'), headers.get('retry-after')];
      return { status, ...(challenge && { challenge }), ...(retryAfter && { retryAfter }), text };
    };
    const token = await issuer.token();
    const good = `Bearer ${token}`;
    const rejected = { status: 401, challenge: 'Bearer error="invalid_token"' };

    expect(await get('/free')).toMatchObject({ status: 200 });
    expect(await get('/me', good)).toMatchObject({ status: 200, text: '{"userId":7,"networks":[1,2]}' });
    expect(await get('/me', `bearer  ${token} `)).toMatchObject({ status: 200 });
    expect(await get('/me')).toMatchObject({ status: 401, challenge: 'Bearer' });
    expect(await get('/me', `Basic ${token}`)).toMatchObject({ status: 401, challenge: 'Bearer' });
    expect(await get('/me', `${good}x`)).toMatchObject(rejected);
    expect(await get('/me', `Bearer ${await issuer.token({ exp: 1 })}`)).toMatchObject(rejected);

    expect(await get('/networks/1/devices', good)).toMatchObject({ status: 200 });
    const denied = { status: 403, challenge: 'Bearer error="insufficient_scope"' };
    for (const network of ['3', '01', '1.0', '*', '%31%00', 'constructor'])
      expect(await get(`/networks/${network}/devices`, good), network).toMatchObject(denied);
    expect(await get('/misspelt/1', good), 'a parameter that is missing').toMatchObject(denied);
    const other = `Bearer ${await issuer.token({}, { a: [10], n: ['*'] })}`;
    expect(await get('/networks/1/devices', other), 'another action').toMatchObject(denied);
    const administrator = `Bearer ${await issuer.token({}, { a: [0], n: ['*'] })}`;
    expect(await get('/networks/9/devices', administrator)).toMatchObject({ status: 200 });

    if (start === startNest) {
      expect(await get('/public/free')).toMatchObject({ status: 200 });
      expect(await get('/public/networks/1')).toMatchObject({ status: 401, challenge: 'Bearer' });
      expect(await get('/public/networks/3', good)).toMatchObject(denied);
    }

    issuer.scripts.set('/revocation', () => undefined);
    await expect
      .poll(() => get('/me', good), { timeout: 10_000 })
      .toMatchObject({ status: 503, retryAfter: '1' });
  });
});
