import type { RouteOptions } from 'fastify';
import { Module, type NestModule, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { AccessRule, PUBLIC } from './access.decorator.js';

/** A route of a controller. */
export interface DeclaredRoute {
  /** `GET /user/:id`, with the prefix. */
  readonly name: string;
  /** Absent: it declares neither `@Access(...)` nor `@Public()`. */
  readonly access?: AccessRule | typeof PUBLIC;
}

/** Refuses to start a service in which a route does not declare who may call it, or whose owner cannot be told. */
@Module({})
export class AuthorizationModule implements NestModule, OnApplicationBootstrap {
  /** The routes of all controllers. */
  readonly routes: DeclaredRoute[] = [];
  private isComplete = false;

  constructor(private readonly host: HttpAdapterHost<FastifyAdapter>) {}

  /** Nest calls this right before it registers the routes of the controllers; Swagger UI's are there by then. */
  configure(): void {
    this.host.httpAdapter.getInstance().addHook('onRoute', ({ method, url, config }: RouteOptions) => {
      if (this.isComplete) return;
      const { access } = (config ?? {}) as Pick<DeclaredRoute, 'access'>;
      const name = `${[method].flat().join(', ')} ${url}`;
      this.routes.push({ name, ...(access !== undefined && { access }) });
    });
  }

  onApplicationBootstrap(): void {
    // Routes that are registered later only refuse the other methods of these.
    this.isComplete = true;
    const undeclared = this.routes.filter(({ access }) => access === undefined).map(({ name }) => name);
    // `owner` compares the path's `id` with the caller's: on another resource it would open a record of the same number.
    const misplaced = this.routes
      .filter(({ name, access }) => isForOwners(access) && !/\/user\/(?::id|current)(?:\/|$)/.test(name))
      .map(({ name }) => name);
    if (misplaced.length > 0)
      throw new Error(`who: 'owner' needs the id of a user at ${misplaced.join(', ')}`);
    if (undeclared.length > 0) {
      throw new Error(`Neither @Access(...) nor @Public() at ${undeclared.join(', ')}`);
    }
  }
}

const isForOwners = (access: DeclaredRoute['access']): boolean =>
  typeof access === 'object' && access.who === 'owner';
