import { Controller, Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../authorization/access.decorator.js';
import { Operation } from '../../openapi/operation.decorator.js';
import type { JwksView } from '../tokens/token.view.js';
import { SigningKeysService } from './signing-keys.service.js';
import { JWKS_MAX_AGE } from './key-rotation.js';
import * as docs from '../tokens/tokens.docs.js';

/** `/.well-known/jwks.json` (contract.md §5). */
@ApiTags('Tokens')
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: SigningKeysService) {}

  @Get('jwks.json')
  @Public()
  @Header('Cache-Control', `public, max-age=${JWKS_MAX_AGE}`)
  @Operation(docs.jwks)
  get(): JwksView {
    return this.keys.jwks as JwksView;
  }
}
