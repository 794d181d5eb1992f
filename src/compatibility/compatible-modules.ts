import type { Type } from '@nestjs/common';
import type { Settings } from '../settings/settings.js';
import { CompatibilityModule } from './compatibility.module.js';

/** Returns the modules that the compatible mode adds to the application. */
export const compatibleModules = ({ compatibility }: Settings): Type[] =>
  compatibility === 'devicehive' ? [CompatibilityModule] : [];
