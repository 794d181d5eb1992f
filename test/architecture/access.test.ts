import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Access, PUBLIC, Public } from '../../src/authorization/access.decorator.js';
import { Action, nameOfAction } from '../../src/authorization/action.js';
import { AuthorizationModule, type DeclaredRoute } from '../../src/authorization/authorization.module.js';
import { TestService } from '../support/service.js';

import 'reflect-metadata';

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

@Controller('team')
class TeamController {
  @Get(':id')
  @Access({ actions: [Action.GetCurrentUser], who: 'owner' })
  get(): string {
    return 'the team whose number is the id of the caller';
  }
}

@Module({ imports: [AuthorizationModule], controllers: [OpenController] })
class DeclaredModule {}

@Module({ imports: [AuthorizationModule], controllers: [OpenController, ForgottenController] })
class ForgottenModule {}

@Module({ imports: [AuthorizationModule], controllers: [TeamController] })
class TeamModule {}

const create = (module: new () => object) =>
  NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });

describe('a service', () => {
  it('with a route that declares no access does not start, and names it', async () => {
    const app = await create(ForgottenModule);
    await expect(app.init()).rejects.toThrow(
      'Neither @Access(...) nor @Public() at GET /forgotten, HEAD /forgotten',
    );
    await app.close();
  });

  it('with an owner declared where the id is not that of a user does not start', async () => {
    const app = await create(TeamModule);
    await expect(app.init()).rejects.toThrow("who: 'owner' needs the id of a user at GET /team/:id");
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
  let routes: DeclaredRoute[];
  beforeAll(async () => {
    service = await TestService.start();
    routes = service.app.get(AuthorizationModule).routes;
  });
  afterAll(() => service.stop());

  it('declares the access of every route', () => {
    expect(routes.length).toBeGreaterThan(30);
    expect(routes.filter(({ access }) => access === undefined)).toEqual([]);
  });

  it('lets only administrators in where an action is for administrators alone', () => {
    const careless = routes.filter(({ access }) => {
      if (access === PUBLIC || access === undefined) return false;
      // Of another's record only: clients have none.
      const actions = ('own' in access.actions ? access.actions.own : access.actions).map(nameOfAction);
      const managing = actions.filter((name) => /^Manage(?!Token|Plugin)/.test(name));
      // None: any token will do.
      return actions.length > 0 && managing.length === actions.length && access.who !== 'administrators';
    });
    expect(careless.map(({ name }) => name)).toEqual([]);
  });
});
