import { Injectable } from '@nestjs/common';
import { DeviceTypesService } from '../../access-scopes/device-types/device-types.service.js';
import { NetworksService } from '../../access-scopes/networks/networks.service.js';
import type { EffectiveAccess } from '../../authorization/grant.js';
import { holderOf, type User } from '../../users/user.entity.js';

/**
 * Returns the current access of users: administrators have all networks and device types, clients the assigned ones.
 */
@Injectable()
export class EffectiveAccessService {
  constructor(
    private readonly networks: NetworksService,
    private readonly deviceTypes: DeviceTypesService,
  ) {}

  async of(user: User): Promise<EffectiveAccess> {
    const holder = holderOf(user);
    const [networks, deviceTypes] = await Promise.all([
      this.networks.reachOf(holder),
      this.deviceTypes.reachOf(holder),
    ]);
    return { role: user.role, networks, deviceTypes };
  }
}
