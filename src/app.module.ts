import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AccessModule } from './access/access.module.js';
import { RolesGuard } from './access/roles.guard.js';
import { AssignmentsModule } from './assignments/assignments.module.js';
import { AuditRecord } from './audit/audit-record.entity.js';
import { AuthModule } from './auth/auth.module.js';
import { SigningKey } from './auth/signing-key.entity.js';
import { AccessTokenGuard } from './auth/token.guards.js';
import { ErrorFilter } from './common/error.filter.js';
import { QueryGuard } from './common/query.guard.js';
import { RequestPipe } from './common/request.pipe.js';
import { ConfigModule } from './config/config.module.js';
import type { Settings } from './config/settings.js';
import { Configuration } from './configuration/configuration.entity.js';
import { ConfigurationModule } from './configuration/configuration.module.js';
import { DatabaseModule } from './database/database.module.js';
import { Initial1764000000001 } from './database/migrations/0001-initial.js';
import { DeviceType, UserDeviceType } from './device-types/device-type.entity.js';
import { DeviceTypesModule } from './device-types/device-types.module.js';
import { HealthModule } from './health/health.module.js';
import { InfoModule } from './info/info.module.js';
import { Network, UserNetwork } from './networks/network.entity.js';
import { NetworksModule } from './networks/networks.module.js';
import { User } from './users/user.entity.js';
import { UsersModule } from './users/users.module.js';

/** What the database is made of. */
export const SCHEMA = {
  entities: [User, Network, UserNetwork, DeviceType, UserDeviceType, Configuration, SigningKey, AuditRecord],
  migrations: [Initial1764000000001],
};

/** The whole service on one screen: its modules, and what every request goes through, in this order. */
@Module({})
export class AppModule {
  static with(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(settings),
        DatabaseModule.with(SCHEMA),
        AccessModule,
        NetworksModule,
        DeviceTypesModule,
        UsersModule,
        AssignmentsModule,
        AuthModule,
        ConfigurationModule,
        InfoModule,
        HealthModule,
      ],
      providers: [
        { provide: APP_GUARD, useClass: AccessTokenGuard },
        { provide: APP_GUARD, useClass: RolesGuard },
        { provide: APP_GUARD, useClass: QueryGuard },
        { provide: APP_PIPE, useClass: RequestPipe },
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
    };
  }
}
