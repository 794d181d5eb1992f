import { Module } from '@nestjs/common';
import { DeviceTypesController } from './device-types.controller.js';
import { DeviceTypesService } from './device-types.service.js';

/** Device types as access scopes. */
@Module({
  controllers: [DeviceTypesController],
  providers: [DeviceTypesService],
  exports: [DeviceTypesService],
})
export class DeviceTypesModule {}
