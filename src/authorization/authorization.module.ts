import type { RouteOptions } from 'fastify';
import { Module, type NestModule, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { PUBLIC } from './access.decorator.js';
import type { AccessRule } from './access-rule.js';

/** A route of a controller. */
export interface DeclaredRoute {
  /** Method and path with the prefix, for example `GET /user/:id`. */
  readonly name: string;
  /** Absent if the route has neither `@Access(...)` nor `@Public()`. */
  readonly access?: AccessRule | typeof PUBLIC;
}

/** Fails the startup if a route does not declare its access, or uses `owner` without the id of a user in its path. */
@Module({})
export class AuthorizationModule implements NestModule, OnApplicationBootstrap {
  /** The routes of all controllers. */
  readonly routes: DeclaredRoute[] = [];
  private isComplete = false;

  constructor(private readonly host: HttpAdapterHost<FastifyAdapter>) {}

  /**
   * Nest calls this just before it registers the controllers' routes. The routes of Swagger UI are already registered.
   */
  configure(): void {
    this.host.httpAdapter.getInstance().addHook('onRoute', ({ method, url, config }: RouteOptions) => {
      if (this.isComplete) return;
      const { access } = (config ?? {}) as Pick<DeclaredRoute, 'access'>;
      const name = `${[method].flat().join(', ')} ${url}`;
      this.routes.push({ name, ...(access !== undefined && { access }) });
    });
  }

  onApplicationBootstrap(): void {
    // Routes that are registered later only return 405 for the other methods of these paths.
    this.isComplete = true;
    const undeclared = this.routes.filter(({ access }) => access === undefined).map(({ name }) => name);
    // `owner` compares the path's `id` with the caller's user id. On another resource, it would grant access to the
    // record with the same number.
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
  typeof access === 'object' && (access.who === 'owner' || 'own' in access.actions);
