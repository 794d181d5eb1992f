import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { scopesController } from '../scopes.controller.js';
import { DEVICE_TYPE } from './device-type.kind.js';
import { DeviceTypesService } from './device-types.service.js';

/** `/devicetype`: the routes are those of every access scope (access-scopes/scopes.controller.ts). */
@ApiTags('Device types')
@Controller('devicetype')
export class DeviceTypesController extends scopesController(DEVICE_TYPE) {
  constructor(override readonly scopes: DeviceTypesService) {
    super();
  }
}
