import { type DynamicModule, Module } from '@nestjs/common';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { Database } from './database.js';
import type { Schema } from './schema.js';

/** Opens the database at startup, before its users, and closes it after the last request. */
@Module({})
export class DatabaseModule {
  static with(schema: Schema): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        {
          provide: Database,
          inject: [SETTINGS],
          useFactory: async (settings: Settings) => {
            const database = await Database.open(settings.database, schema);
            await database.listen();
            return database;
          },
        },
      ],
      exports: [Database],
    };
  }
}
