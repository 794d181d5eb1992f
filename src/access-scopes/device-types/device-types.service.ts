import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { Lists } from '../../pagination/lists.js';
import { ScopesService } from '../scopes.service.js';
import type { DeviceType } from './device-type.entity.js';
import { DEVICE_TYPE } from './device-type.kind.js';

/** Device types, and which users have access to them. */
@Injectable()
export class DeviceTypesService extends ScopesService<DeviceType> {
  constructor(database: Database, lists: Lists) {
    super(database, lists, DEVICE_TYPE);
  }
}
