import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { describe, expect, it } from 'vitest';
import { Public } from '../../src/authorization/access.decorator.js';
import { AuthorizationModule } from '../../src/authorization/authorization.module.js';

/* Which access each route declares, test/properties/access-matrix.test.ts holds. */

@Controller('open')
class OpenController {
  @Get()
  @Public()
  get(): string {
    return 'anyone';
  }
}

@Controller('forgotten')
class ForgottenController {
  @Get()
  get(): string {
    return 'nobody has thought of it';
  }
}

@Module({ imports: [AuthorizationModule], controllers: [OpenController] })
class DeclaredModule {}

@Module({ imports: [AuthorizationModule], controllers: [OpenController, ForgottenController] })
class ForgottenModule {}

const create = (module: new () => object) =>
  NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });

describe('a service', () => {
  it('with a route that declares no access does not start, and names it', async () => {
    const app = await create(ForgottenModule);
    await expect(app.init()).rejects.toThrow('Neither @Access(...) nor @Public() at ForgottenController.get');
    await app.close();
  });

  it('whose routes all declare theirs does', async () => {
    const app = await create(DeclaredModule);
    await app.init();
    expect((await app.inject({ url: '/open' })).statusCode).toBe(200);
    await app.close();
  });
});
