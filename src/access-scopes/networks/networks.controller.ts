import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { scopesController } from '../scopes.controller.js';
import { NETWORK } from './network.kind.js';
import { NetworksService } from './networks.service.js';

/** `/network`: the routes are those of every access scope (access-scopes/scopes.controller.ts). */
@ApiTags('Networks')
@Controller('network')
export class NetworksController extends scopesController(NETWORK) {
  constructor(override readonly scopes: NetworksService) {
    super();
  }
}
