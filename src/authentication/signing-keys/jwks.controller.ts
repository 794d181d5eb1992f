import { Controller, Get, Header, HttpStatus } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../authorization/access.decorator.js';
import { Operation, type OperationDoc } from '../../openapi/operation.decorator.js';
import { JwksView } from './jwks.view.js';
import { JWKS_MAX_AGE } from './key-rotation.js';
import { SigningKeysService } from './signing-keys.service.js';

const jwks: OperationDoc = {
  id: 'getJwks',
  summary: 'Get the public keys',
  description:
    'With these any service can verify access tokens offline (RFC 7517). Refresh tokens have another key, which is not published. Empty if `JWT_SECRET` is set.',
  success: {
    description: 'The keys.',
    type: JwksView,
    headers: {
      'Cache-Control': {
        description: 'For how long they may be kept.',
        example: `public, max-age=${JWKS_MAX_AGE}`,
      },
    },
  },
};

/** `/.well-known/jwks.json` (contract.md §5). */
@ApiTags('Tokens')
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: SigningKeysService) {}

  @Get('jwks.json')
  @Public()
  @Header('Cache-Control', `public, max-age=${JWKS_MAX_AGE}`)
  @Operation(HttpStatus.OK, jwks)
  get(): JwksView {
    return this.keys.jwks as JwksView;
  }
}
