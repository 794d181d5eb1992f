import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import {
  type Signer,
  SigningKeysService,
} from '../../src/authentication/signing-keys/signing-keys.service.js';
import type { TestService } from '../support/service.js';

/** What a forged token says. */
export interface ForgedClaims {
  readonly userId: number;
  /** By number. */
  readonly actions: readonly number[];
  /** Absent: the claim is left out. */
  readonly networks?: readonly string[];
  /** Absent: the claim is left out. */
  readonly deviceTypes?: readonly string[];
  /** 1 access (the default), 0 refresh. */
  readonly type?: 0 | 1;
  /** Seconds from now; negative: it has expired. */
  readonly expiresIn?: number;
}

/** Signs whatever claims with the service's own key, or with `signer`: what no request could get. */
export function forgeToken(
  service: Pick<TestService, 'app'>,
  { userId, actions, networks, deviceTypes, type = 1, expiresIn = 600 }: ForgedClaims,
  signer: Signer = service.app.get(SigningKeysService).current,
): string {
  const now = Math.floor(Date.now() / 1000);
  const exp = now + expiresIn;
  return jwt.sign(
    {
      payload: { u: userId, a: actions, n: networks, dt: deviceTypes, e: exp * 1000, t: type },
      iss: 'hivegate',
      sub: String(userId),
      iat: Math.min(now, exp) - 60,
      exp,
      jti: randomUUID(),
      ...(type === 0 && { gen: 0 }),
    },
    signer.key,
    { algorithm: signer.algorithm, keyid: signer.kid ?? 'none' },
  );
}
