import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { Principal } from '../access/principal.js';
import { Status } from '../access/role.js';
import { errors } from '../common/errors.js';
import { SETTINGS } from '../config/config.module.js';
import type { Settings } from '../config/settings.js';
import { UsersService } from '../users/users.service.js';
import { grantOf, parseClaims, TokenType } from './claims.js';
import { SigningKeys } from './signing-keys.js';
import { verifying } from './verification.js';

/** The name under which Passport knows {@link AccessTokenStrategy}. */
export const ACCESS_TOKEN = 'access-token';

/** Knows who makes a request by the access token in its `Authorization: Bearer` header (contract.md §2). */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, ACCESS_TOKEN) {
  constructor(
    keys: SigningKeys,
    private readonly users: UsersService,
    @Inject(SETTINGS) settings: Settings,
  ) {
    super(verifying(keys, settings, ExtractJwt.fromAuthHeaderAsBearerToken()));
  }

  /** The principal of verified claims: the user as it is now. @throws {ApiError} 401 */
  async validate(verified: unknown): Promise<Principal> {
    const claims = parseClaims(verified);
    if (claims?.payload.t !== TokenType.Access) throw errors.unauthorized();
    const user = await this.users.find(claims.payload.u);
    if (user?.status !== Status.Active) throw errors.unauthorized();
    return new Principal(user.id, user.role, user.allDeviceTypesAvailable, grantOf(claims));
  }
}
