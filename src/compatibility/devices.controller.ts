import { Controller, Get, HttpStatus } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../authorization/access.decorator.js';
import { Action } from '../authorization/action.js';
import { Operation, type OperationDoc } from '../openapi/operation.decorator.js';
import { CountView } from '../pagination/count.view.js';

const read = { actions: [Action.GetDevice], who: 'everyone' } as const;

const list: OperationDoc = {
  id: 'listDevices',
  summary: 'List devices',
  description: 'There are none. Consoles ask for them on their first page.',
  success: { description: 'No devices.', type: [Object] },
};
const count: OperationDoc = {
  id: 'countDevices',
  summary: 'Count devices',
  description: 'There are none.',
  success: { description: 'How many there are.', type: CountView },
};

/** `/device` (contract.md §9): this service has no devices. */
@ApiTags('Devices')
@Controller('device')
export class DevicesController {
  @Get()
  @Access(read)
  @Operation(HttpStatus.OK, list)
  list(): object[] {
    return [];
  }

  @Get('count')
  @Access(read)
  @Operation(HttpStatus.OK, count)
  count(): CountView {
    return { count: 0 };
  }
}
