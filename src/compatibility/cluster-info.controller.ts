import { Controller, Get, HttpStatus } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '../authorization/access.decorator.js';
import { Operation, type OperationDoc } from '../openapi/operation.decorator.js';

/** The response of `GET /info/config/cluster`. */
export class ClusterInfoView {
  @ApiProperty({ description: 'There are no brokers.', example: 'none' })
  readonly 'bootstrap.servers'!: string;

  @ApiProperty({ description: 'There is no ZooKeeper.', example: 'none' })
  readonly 'zookeeper.connect'!: string;
}

const NONE: ClusterInfoView = { 'bootstrap.servers': 'none', 'zookeeper.connect': 'none' };

const cluster: OperationDoc = {
  id: 'getClusterInfo',
  summary: 'Get the message brokers',
  description: 'There are none. Clients ask for them.',
  success: { description: 'That there are none.', type: ClusterInfoView },
};

/** `/info/config` (contract.md §9). */
@ApiTags('Operation')
@Controller('info/config')
export class ClusterInfoController {
  @Get('cluster')
  @Public()
  @Operation(HttpStatus.OK, cluster)
  get(): ClusterInfoView {
    return NONE;
  }
}
