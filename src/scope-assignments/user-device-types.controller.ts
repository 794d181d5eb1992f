import { Controller, Delete, Get, HttpStatus, Put } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { DeviceType } from '../access-scopes/device-types/device-type.entity.js';
import { DEVICE_TYPE } from '../access-scopes/device-types/device-type.kind.js';
import { DeviceTypesService } from '../access-scopes/device-types/device-types.service.js';
import { type ScopeView, toScopeView } from '../access-scopes/scope.view.js';
import { Access, CurrentPrincipal, TargetId } from '../authorization/access.decorator.js';
import type { Principal } from '../authorization/principal.js';
import { Operation } from '../openapi/operation.decorator.js';
import { ID } from '../users/users.docs.js';
import { assignmentsController } from './assignments.controller.js';
import { allDeviceTypes, listDeviceTypes, UserDeviceTypeView } from './assignments.docs.js';
import { AssignmentsService } from './assignments.service.js';

const routes = assignmentsController<DeviceType, UserDeviceTypeView>(DEVICE_TYPE, {
  parameter: 'deviceTypeId',
  view: UserDeviceTypeView,
  toView: (deviceType) => ({ deviceType }),
});
const manage = { actions: [DEVICE_TYPE.actions.manage], who: 'administrators' } as const;

/**
 * `/user/{id}/devicetype` (contract.md §3): the routes of every kind (assignments.controller.ts), the list, and the
 * routes that give a user all device types.
 */
@ApiTags('Device types')
@Controller('user/:id/devicetype')
export class UserDeviceTypesController extends routes {
  constructor(
    override readonly assignments: AssignmentsService,
    override readonly scopes: DeviceTypesService,
  ) {
    super();
  }

  @Get()
  @Access(manage)
  @Operation(HttpStatus.OK, listDeviceTypes)
  @ApiParam(ID)
  async list(@TargetId() userId: number, @CurrentPrincipal() principal: Principal): Promise<ScopeView[]> {
    return (await this.assignments.list(this.scopes, userId, principal)).map(toScopeView);
  }

  @Put('all')
  @Access(manage)
  @Operation(HttpStatus.NO_CONTENT, allDeviceTypes.assign)
  @ApiParam(ID)
  assignAll(@TargetId() userId: number, @CurrentPrincipal() actor: Principal): Promise<void> {
    return this.assignments.setAllAvailable(this.scopes, userId, true, actor);
  }

  @Delete('all')
  @Access(manage)
  @Operation(HttpStatus.NO_CONTENT, allDeviceTypes.unassign)
  @ApiParam(ID)
  unassignAll(@TargetId() userId: number, @CurrentPrincipal() actor: Principal): Promise<void> {
    return this.assignments.setAllAvailable(this.scopes, userId, false, actor);
  }
}
