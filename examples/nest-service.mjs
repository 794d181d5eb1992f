/**
 * The same service as plain-service.mjs, on Nest. In TypeScript the decorators stand before what they are for, as the
 * comments show.
 *
 *   npm install @hivegate/verify @nestjs/common @nestjs/core @nestjs/platform-fastify reflect-metadata rxjs
 *   ISSUER=http://127.0.0.1:8080 FEED_TOKEN=... PORT=9000 node nest-service.mjs
 */
import { createVerifier } from '@hivegate/verify';
import { HivegateGuard, Requires } from '@hivegate/verify/nest';
import { Controller, Get, Module, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

const { ISSUER = 'http://127.0.0.1:8080', FEED_TOKEN = '', PORT = '9000' } = process.env;

const verifier = createVerifier({
  issuer: ISSUER,
  feed: () => FEED_TOKEN,
  onStatus: ({ feed, reason = '' }) => console.error(`feed of revocations: ${feed} ${reason}`),
});

// @Controller('networks/:networkId/devices')
class DevicesController {
  // @Get()
  // @Requires('GetDevice', { network: 'networkId' })
  // list(@Req() { params, user }) {
  list({ params, user }) {
    return { network: params.networkId, user: user.userId, devices: [] };
  }
}
Controller('networks/:networkId/devices')(DevicesController);
const { prototype } = DevicesController;
const decorators = [Get(), Requires('GetDevice', { network: 'networkId' })];
Reflect.decorate(decorators, prototype, 'list', Object.getOwnPropertyDescriptor(prototype, 'list'));
Req()(prototype, 'list', 0);

// @Module({ controllers: [DevicesController] })
class AppModule {}
Module({ controllers: [DevicesController] })(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
app.useGlobalGuards(new HivegateGuard(verifier));
await app.listen(Number(PORT), '127.0.0.1');
console.log(await app.getUrl());
