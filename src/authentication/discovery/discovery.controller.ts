import type { FastifyReply } from 'fastify';
import { Controller, Get, HttpStatus, Inject, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../authorization/access.decorator.js';
import { requestErrors } from '../../errors/request.errors.js';
import { Operation, type OperationDoc } from '../../openapi/operation.decorator.js';
import type { Settings } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import { JWKS_MAX_AGE } from '../signing-keys/key-rotation.js';
import { SigningKeysService } from '../signing-keys/signing-keys.service.js';
import { DiscoveryView, toDiscoveryView } from './discovery.view.js';
import { publicIssuerOf } from './issuer.js';

const CACHE = `public, max-age=${JWKS_MAX_AGE}`;

const documentOf = (id: string, summary: string, standard: string): OperationDoc => ({
  id,
  summary,
  description:
    `What a service needs to trust tokens by their issuer alone (${standard}), if \`JWT_ISSUER\` is an http(s) URL. All URLs ` +
    'in it come from `JWT_ISSUER`. Also served where RFC 8414 inserts it before the path of the issuer, and under that path.',
  success: {
    description: 'About the issuer.',
    type: DiscoveryView,
    headers: { 'Cache-Control': { description: 'For how long it may be kept.', example: CACHE } },
  },
  errors: [requestErrors.routeNotFound()],
});
const authorizationServer = documentOf('getAuthorizationServer', 'Discover the issuer', 'RFC 8414');
const openidConfiguration = documentOf(
  'getOpenidConfiguration',
  'Discover the issuer, for clients of OpenID Connect',
  'OpenID Connect Discovery 1.0',
);

/** The documents of discovery (contract.md §5). Their other places: issuer.ts. */
@ApiTags('Tokens')
@Controller('.well-known')
export class DiscoveryController {
  private readonly view: DiscoveryView | undefined;

  constructor(keys: SigningKeysService, @Inject(SETTINGS) settings: Settings) {
    const issuer = publicIssuerOf(settings);
    this.view = issuer && toDiscoveryView(issuer, keys.algorithm('access'));
  }

  @Get('oauth-authorization-server')
  @Public()
  @Operation(HttpStatus.OK, authorizationServer)
  getAuthorizationServer(@Res({ passthrough: true }) reply: FastifyReply): DiscoveryView {
    return this.document(reply);
  }

  @Get('openid-configuration')
  @Public()
  @Operation(HttpStatus.OK, openidConfiguration)
  getOpenidConfiguration(@Res({ passthrough: true }) reply: FastifyReply): DiscoveryView {
    return this.document(reply);
  }

  /** @throws {ApiError} 404 when the issuer is no URL */
  private document(reply: FastifyReply): DiscoveryView {
    if (!this.view) throw requestErrors.routeNotFound();
    void reply.header('cache-control', CACHE);
    return this.view;
  }
}
