import { type Dialect, STRICT } from '../dialect/dialect.js';
import type { Settings } from '../settings/settings.js';
import { deviceHive } from './devicehive.dialect.js';

/** Returns the dialect that the settings ask for. */
export const dialectOf = (settings: Settings): Dialect =>
  settings.compatibility === 'devicehive' ? deviceHive(settings) : STRICT;
