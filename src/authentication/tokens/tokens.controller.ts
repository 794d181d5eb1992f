import type { FastifyReply } from 'fastify';
import { Body, Controller, HttpStatus, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, Public } from '../../authorization/access.decorator.js';
import { Action } from '../../authorization/action.js';
import type { Principal } from '../../authorization/principal.js';
import { BodyLimit } from '../../http/body-limits.js';
import { type ClientConnection, Connection } from '../../http/client-connection.js';
import { SameOriginOnly } from '../../http/cross-site.js';
import { AcceptsForm } from '../../http/form-content.js';
import { Origin, type RequestOrigin } from '../../http/request-origin.js';
import { Operation } from '../../openapi/operation.decorator.js';
import { RefreshTokenDto, SignInDto } from '../sign-in/sign-in.dto.js';
import { SignInRateLimitGuard } from '../sign-in/sign-in.rate-limit.guard.js';
import { SignInService } from '../sign-in/sign-in.service.js';
import { CreateTokenDto } from './create-token.dto.js';
import { IntrospectTokenDto } from './introspection.dto.js';
import { IntrospectionService } from './introspection.service.js';
import type { IntrospectionView } from './introspection.view.js';
import type { RefreshRequest } from './refresh-session.js';
import { RefreshTokenGuard } from './refresh-token.guard.js';
import { RevokeTokenDto } from './revoke-token.dto.js';
import {
  CreateRateLimitGuard,
  RefreshRateLimitGuard,
  RevokeRateLimitGuard,
  UserRefreshRateLimitGuard,
} from './token.rate-limit.guards.js';
import type { RefreshedTokensView, TokenPairView } from './token.view.js';
import { TokenRevocationService } from './token-revocation.service.js';
import * as docs from './tokens.docs.js';
import { TokensService } from './tokens.service.js';

/** `/token` (contract.md §5). */
@ApiTags('Tokens')
@Controller('token')
@SameOriginOnly()
export class TokensController {
  constructor(
    private readonly signIns: SignInService,
    private readonly tokens: TokensService,
    private readonly revocations: TokenRevocationService,
    private readonly introspection: IntrospectionService,
  ) {}

  @Post()
  @Public()
  @BodyLimit(docs.signIn)
  @UseGuards(SignInRateLimitGuard)
  @Operation(HttpStatus.CREATED, docs.signIn)
  async signIn(
    @Body() { login, password }: SignInDto,
    @Origin() origin: RequestOrigin,
    @Connection() client: ClientConnection,
  ): Promise<TokenPairView> {
    return this.tokens.issue(await this.signIns.signIn(login, password, origin, client));
  }

  @Post('refresh')
  @Public()
  @BodyLimit(docs.refresh)
  @UseGuards(RefreshRateLimitGuard, RefreshTokenGuard, UserRefreshRateLimitGuard)
  @Operation(HttpStatus.CREATED, docs.refresh)
  refresh(@Body() _: RefreshTokenDto, @Req() request: RefreshRequest): Promise<RefreshedTokensView> {
    return this.tokens.refresh(request.refreshSession);
  }

  @Post('create')
  @Access({ actions: [Action.ManageToken], who: 'everyone' })
  @UseGuards(CreateRateLimitGuard)
  @Operation(HttpStatus.CREATED, docs.create)
  create(@Body() wanted: CreateTokenDto, @CurrentPrincipal() principal: Principal): Promise<TokenPairView> {
    return this.tokens.create(wanted, principal);
  }

  @Post('revoke')
  @Public()
  @BodyLimit(docs.revoke)
  @AcceptsForm()
  @UseGuards(RevokeRateLimitGuard)
  @Operation(HttpStatus.OK, docs.revoke)
  revoke(@Body() { token }: RevokeTokenDto, @Origin() origin: RequestOrigin): Promise<void> {
    return this.revocations.revoke(token, origin);
  }

  @Post('introspect')
  @Access({ actions: [], who: 'everyone' })
  @AcceptsForm()
  @Operation(HttpStatus.OK, docs.introspect)
  async introspect(
    @Body() { token }: IntrospectTokenDto,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IntrospectionView> {
    const state = await this.introspection.introspect(token, principal);
    void reply.header('cache-control', docs.INTROSPECTION_CACHE);
    return state;
  }
}
