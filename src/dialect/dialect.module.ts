import { type DynamicModule, Module } from '@nestjs/common';
import type { Dialect } from './dialect.js';

/** Injection token of the {@link Dialect} of the service. */
export const DIALECT = Symbol('Dialect');

/** Provides the dialect to every module. */
@Module({})
export class DialectModule {
  static with(dialect: Dialect): DynamicModule {
    return {
      module: DialectModule,
      global: true,
      providers: [{ provide: DIALECT, useValue: dialect }],
      exports: [DIALECT],
    };
  }
}
