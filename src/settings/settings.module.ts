import { type DynamicModule, Module } from '@nestjs/common';
import type { Settings } from './settings.js';

/** Under this token the parsed {@link Settings} are injected. */
export const SETTINGS = Symbol('Settings');

/** Hands the settings, once parsed, to every module. */
@Module({})
export class SettingsModule {
  static with(settings: Settings): DynamicModule {
    return {
      module: SettingsModule,
      global: true,
      providers: [{ provide: SETTINGS, useValue: settings }],
      exports: [SETTINGS],
    };
  }
}
