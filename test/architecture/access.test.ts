import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCESS, type AccessRule, Public, PUBLIC } from '../../src/authorization/access.decorator.js';
import { AuthorizationModule } from '../../src/authorization/authorization.module.js';
import { nameOfAction } from '../../src/authorization/action.js';
import { type Route, routesOf, undeclaredRoutes } from '../../src/authorization/declared-routes.js';
import { TestService } from '../support/service.js';

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

describe('this service', () => {
  let service: TestService;
  let routes: Route[];
  beforeAll(async () => {
    service = await TestService.start();
    const { app } = service;
    routes = routesOf(
      app.get(DiscoveryService, { strict: false }),
      app.get(MetadataScanner, { strict: false }),
    );
  });
  afterAll(() => service.stop());

  it('declares the access of every route', () => {
    expect(routes.length).toBeGreaterThan(30);
    expect(undeclaredRoutes(routes)).toEqual([]);
  });

  it('lets only administrators in where an action is for administrators alone', () => {
    const ruleOf = ({ handler }: Route) => Reflect.getMetadata(ACCESS, handler) as AccessRule | typeof PUBLIC;
    const careless = routes.filter((route) => {
      const rule = ruleOf(route);
      if (rule === PUBLIC) return false;
      const actions = rule.actions.map(nameOfAction);
      const managing = actions.filter((name) => /^Manage(?!Token|Plugin)/.test(name));
      return managing.length === actions.length && rule.who !== 'administrators';
    });
    expect(careless.map(({ name }) => name)).toEqual([]);
  });
});
