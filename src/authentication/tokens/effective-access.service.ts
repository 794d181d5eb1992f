import type { EntityManager } from 'typeorm';
import { Injectable } from '@nestjs/common';
import { DeviceTypesService } from '../../access-scopes/device-types/device-types.service.js';
import { NetworksService } from '../../access-scopes/networks/networks.service.js';
import type { ScopeHolder } from '../../access-scopes/scope-kind.js';
import type { EffectiveAccess } from '../../authorization/grant.js';
import type { Transaction } from '../../database/transaction.js';

/**
 * Returns the current access of users: administrators have all networks and device types, clients the assigned ones.
 */
@Injectable()
export class EffectiveAccessService {
  constructor(
    private readonly networks: NetworksService,
    private readonly deviceTypes: DeviceTypesService,
  ) {}

  /**
   * Reads it for a session that the transaction starts: the scopes cannot be deleted before it ends, so that the session
   * gets the entry of the feed that says that its user has lost one.
   */
  async forNewSession(holder: ScopeHolder, transaction: Transaction): Promise<EffectiveAccess> {
    await transaction.share('scopes');
    return this.of(holder, transaction.manager);
  }

  /** Reads it with `manager`: inside a transaction, its own. */
  async of(holder: ScopeHolder, manager: EntityManager): Promise<EffectiveAccess> {
    const networks = await this.networks.reachOf(holder, manager);
    return { role: holder.role, networks, deviceTypes: await this.deviceTypes.reachOf(holder, manager) };
  }
}
