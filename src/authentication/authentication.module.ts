import { Module, type NestModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { DeviceTypesModule } from '../access-scopes/device-types/device-types.module.js';
import { NetworksModule } from '../access-scopes/networks/networks.module.js';
import { ConfigurationModule } from '../live-configuration/configuration.module.js';
import { PasswordsModule } from '../passwords/passwords.module.js';
import { RateLimitsModule } from '../rate-limits/rate-limits.module.js';
import { UsersModule } from '../users/users.module.js';
import { DiscoveryController } from './discovery/discovery.controller.js';
import { OriginalTokensService } from './original-tokens/original-tokens.service.js';
import { AccessTokenStrategy } from './request/access-token.strategy.js';
import { PrincipalsService } from './request/principals.service.js';
import { RequestAuthentication } from './request/request-authentication.js';
import { VerifiedClaimsCache } from './request/verified-claims.cache.js';
import { EndedSessionsRemoval } from './sessions/ended-sessions-removal.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsService } from './sessions/sessions.service.js';
import { EndedLockouts } from './sign-in/ended-lockouts.js';
import { LoginAttemptsService } from './sign-in/login-attempts.service.js';
import { SignInService } from './sign-in/sign-in.service.js';
import { StoredHashWatch } from './sign-in/stored-hash-watch.js';
import { JwksController } from './signing-keys/jwks.controller.js';
import { SigningKeysService } from './signing-keys/signing-keys.service.js';
import { EffectiveAccessService } from './tokens/effective-access.service.js';
import { IntrospectionService } from './tokens/introspection.service.js';
import { RefreshTokenStrategy } from './tokens/refresh-token.strategy.js';
import { TokenRevocationService } from './tokens/token-revocation.service.js';
import { TokensController } from './tokens/tokens.controller.js';
import { TokensService } from './tokens/tokens.service.js';

/** Signing in, tokens and the keys that sign them. */
@Module({
  imports: [
    UsersModule,
    PasswordsModule,
    NetworksModule,
    DeviceTypesModule,
    ConfigurationModule,
    RateLimitsModule,
  ],
  controllers: [TokensController, SessionsController, JwksController, DiscoveryController],
  providers: [
    SigningKeysService,
    VerifiedClaimsCache,
    PrincipalsService,
    AccessTokenStrategy,
    OriginalTokensService,
    RequestAuthentication,
    RefreshTokenStrategy,
    EffectiveAccessService,
    TokensService,
    TokenRevocationService,
    IntrospectionService,
    SessionsService,
    EndedSessionsRemoval,
    LoginAttemptsService,
    EndedLockouts,
    SignInService,
    StoredHashWatch,
  ],
  exports: [SigningKeysService],
})
export class AuthenticationModule implements NestModule {
  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly authentication: RequestAuthentication,
  ) {}

  /** Nest calls this just before it registers the controllers' routes. */
  configure(): void {
    this.host.httpAdapter.getInstance().addHook('onRoute', (route) => {
      this.authentication.protect(route);
    });
  }
}
