import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner } from '@nestjs/core';
import { routesOf, undeclaredRoutes } from './declared-routes.js';

/** Refuses to start a service in which a route says nothing of who may call it. */
@Module({ imports: [DiscoveryModule] })
export class AuthorizationModule implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onApplicationBootstrap(): void {
    const undeclared = undeclaredRoutes(routesOf(this.discovery, this.scanner));
    if (undeclared.length > 0) {
      throw new Error(`Neither @Access(...) nor @Public() at ${undeclared.join(', ')}`);
    }
  }
}
