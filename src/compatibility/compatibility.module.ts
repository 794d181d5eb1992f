import { Inject, Logger, Module, type OnModuleInit } from '@nestjs/common';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { ClusterInfoController } from './cluster-info.controller.js';
import { DevicesController } from './devices.controller.js';
import { warningOf } from './jwt-key.js';

/** The routes that only the compatible mode has, and its warning about a short key (contract.md §9). */
@Module({ controllers: [ClusterInfoController, DevicesController] })
export class CompatibilityModule implements OnModuleInit {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  onModuleInit(): void {
    const { jwtSecret } = this.settings;
    const warning = jwtSecret === undefined ? undefined : warningOf(jwtSecret);
    if (warning !== undefined) new Logger(CompatibilityModule.name).warn(warning);
  }
}
