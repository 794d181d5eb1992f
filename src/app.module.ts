import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { DeviceTypesModule } from './access-scopes/device-types/device-types.module.js';
import { NetworksModule } from './access-scopes/networks/networks.module.js';
import { SCHEMA } from './app.schema.js';
import { AuthenticationModule } from './authentication/authentication.module.js';
import { AuthorizationGuard } from './authorization/authorization.guard.js';
import { AuthorizationModule } from './authorization/authorization.module.js';
import { compatibleModules } from './compatibility/compatible-modules.js';
import { DatabaseModule } from './database/database.module.js';
import type { Dialect } from './dialect/dialect.js';
import { DialectModule } from './dialect/dialect.module.js';
import { EventsModule } from './events/events.module.js';
import { HealthModule } from './health/health.module.js';
import { ErrorFilter } from './http/error.filter.js';
import { HttpModule } from './http/http.module.js';
import { PreconditionsGuard } from './http/preconditions.guard.js';
import { UnknownQueryGuard } from './http/unknown-query.guard.js';
import { RequestValidationPipe } from './http/validation.pipe.js';
import { InfoModule } from './info/info.module.js';
import { ConfigurationModule } from './live-configuration/configuration.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { PaginationModule } from './pagination/pagination.module.js';
import { RevocationsModule } from './revocations/revocations.module.js';
import { AssignmentsModule } from './scope-assignments/assignments.module.js';
import type { Settings } from './settings/settings.js';
import { SettingsModule } from './settings/settings.module.js';
import { UsersModule } from './users/users.module.js';

/**
 * The application: its modules, and the global guards, pipe and filter in the order in which they run. Tokens are
 * checked before them (request-authentication.ts).
 */
@Module({})
export class AppModule {
  static with(settings: Settings, dialect: Dialect): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SettingsModule.with(settings),
        DialectModule.with(dialect),
        DatabaseModule.with(SCHEMA),
        HttpModule,
        PaginationModule,
        AuthorizationModule,
        EventsModule,
        RevocationsModule,
        NetworksModule,
        DeviceTypesModule,
        UsersModule,
        AssignmentsModule,
        AuthenticationModule,
        ConfigurationModule,
        InfoModule,
        HealthModule,
        ...MetricsModule.with(settings),
        ...compatibleModules(settings),
      ],
      providers: [
        { provide: APP_GUARD, useClass: AuthorizationGuard },
        { provide: APP_GUARD, useClass: UnknownQueryGuard },
        { provide: APP_GUARD, useClass: PreconditionsGuard },
        { provide: APP_PIPE, useClass: RequestValidationPipe },
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
    };
  }
}
