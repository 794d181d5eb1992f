import type { EntityManager } from 'typeorm';
import { Injectable } from '@nestjs/common';
import { DeviceTypesService } from '../../access-scopes/device-types/device-types.service.js';
import { NetworksService } from '../../access-scopes/networks/networks.service.js';
import type { ScopeHolder } from '../../access-scopes/scope-kind.js';
import type { EffectiveAccess } from '../../authorization/grant.js';

/**
 * Returns the current access of users: administrators have all networks and device types, clients the assigned ones.
 */
@Injectable()
export class EffectiveAccessService {
  constructor(
    private readonly networks: NetworksService,
    private readonly deviceTypes: DeviceTypesService,
  ) {}

  /** Reads it with `manager`: inside a transaction, its own. */
  async of(holder: ScopeHolder, manager: EntityManager): Promise<EffectiveAccess> {
    const networks = await this.networks.reachOf(holder, manager);
    return { role: holder.role, networks, deviceTypes: await this.deviceTypes.reachOf(holder, manager) };
  }
}
