import { Module } from '@nestjs/common';
import { DeviceTypesModule } from '../access-scopes/device-types/device-types.module.js';
import { NetworksModule } from '../access-scopes/networks/networks.module.js';
import { UsersModule } from '../users/users.module.js';
import { AssignmentsService } from './assignments.service.js';
import { UserDeviceTypesController } from './user-device-types.controller.js';
import { UserNetworksController } from './user-networks.controller.js';

/** Assignments of networks and device types to users. */
@Module({
  imports: [UsersModule, NetworksModule, DeviceTypesModule],
  controllers: [UserNetworksController, UserDeviceTypesController],
  providers: [AssignmentsService],
})
export class AssignmentsModule {}
