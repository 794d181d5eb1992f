import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Network } from '../access-scopes/networks/network.entity.js';
import { NETWORK } from '../access-scopes/networks/network.kind.js';
import { NetworksService } from '../access-scopes/networks/networks.service.js';
import { assignmentsController } from './assignments.controller.js';
import { UserNetworkView } from './assignments.docs.js';
import { AssignmentsService } from './assignments.service.js';

const routes = assignmentsController<Network, UserNetworkView>(NETWORK, {
  parameter: 'networkId',
  view: UserNetworkView,
  toView: (network) => ({ network }),
});

/** `/user/{id}/network` (contract.md §3): the same routes as every kind (assignments.controller.ts). */
@ApiTags('Networks')
@Controller('user/:id/network')
export class UserNetworksController extends routes {
  constructor(
    override readonly assignments: AssignmentsService,
    override readonly scopes: NetworksService,
  ) {
    super();
  }
}
