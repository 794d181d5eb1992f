import { Module } from '@nestjs/common';
import { NetworksModule } from '../access-scopes/networks/networks.module.js';
import { PasswordsModule } from '../passwords/passwords.module.js';
import { RateLimitsModule } from '../rate-limits/rate-limits.module.js';
import { CurrentPasswordVerifier } from './current-password.verifier.js';
import { FirstAdministrator } from './first-administrator.js';
import { PasswordChangeLimits } from './password-change-limits.js';
import { UserListService } from './user-list.service.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

/** Users: storage, field policy and views. */
@Module({
  imports: [NetworksModule, PasswordsModule, RateLimitsModule],
  controllers: [UsersController],
  providers: [
    UsersService,
    UserListService,
    CurrentPasswordVerifier,
    PasswordChangeLimits,
    FirstAdministrator,
  ],
  exports: [UsersService, FirstAdministrator],
})
export class UsersModule {}
