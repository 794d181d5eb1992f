import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { Lists } from '../../pagination/lists.js';
import { ScopesService } from '../scopes.service.js';
import type { Network } from './network.entity.js';
import { NETWORK } from './network.kind.js';

/** Networks, and which users have access to them. */
@Injectable()
export class NetworksService extends ScopesService<Network> {
  constructor(database: Database, lists: Lists) {
    super(database, lists, NETWORK);
  }
}
