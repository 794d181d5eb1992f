import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { ConfigurationModule } from '../configuration/configuration.module.js';
import { DeviceTypesModule } from '../access-scopes/device-types/device-types.module.js';
import { NetworksModule } from '../access-scopes/networks/networks.module.js';
import { PasswordsModule } from '../passwords/passwords.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccessTokenStrategy } from './access-token.strategy.js';
import { JwksController } from './jwks.controller.js';
import { Lockout } from './lockout.js';
import { Principals } from './principals.js';
import { ReachService } from './reach.js';
import { RefreshTokenStrategy } from './refresh-token.strategy.js';
import { SignIn } from './sign-in.js';
import { SigningKeys } from './signing-keys.js';
import { TokensController } from './tokens.controller.js';
import { TokensService } from './tokens.service.js';
import { VerifiedClaims } from './verified-claims.js';

/** Signing in, tokens and the keys that sign them. */
@Module({
  imports: [
    PassportModule,
    UsersModule,
    PasswordsModule,
    NetworksModule,
    DeviceTypesModule,
    ConfigurationModule,
  ],
  controllers: [TokensController, JwksController],
  providers: [
    SigningKeys,
    VerifiedClaims,
    Principals,
    AccessTokenStrategy,
    RefreshTokenStrategy,
    ReachService,
    TokensService,
    Lockout,
    SignIn,
  ],
  // For the guard of every route.
  exports: [AccessTokenStrategy, VerifiedClaims, Principals],
})
export class AuthModule {}
