import { Body, Controller, HttpStatus, Post, Req, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, Public } from '../../authorization/access.decorator.js';
import { Action } from '../../authorization/action.js';
import type { Principal } from '../../authorization/principal.js';
import { Operation } from '../../openapi/operation.decorator.js';
import { RefreshTokenDto, SignInDto } from '../sign-in/sign-in.dto.js';
import { SignInRateLimitGuard } from '../sign-in/sign-in.rate-limit.guard.js';
import { SignInService } from '../sign-in/sign-in.service.js';
import { CreateTokenDto } from './create-token.dto.js';
import { RefreshRateLimitGuard, UserRefreshRateLimitGuard } from './refresh.rate-limit.guard.js';
import type { RefreshRequest } from './refresh-session.js';
import { RefreshTokenGuard } from './refresh-token.guard.js';
import type { AccessTokenView, TokenPairView } from './token.view.js';
import * as docs from './tokens.docs.js';
import { TokensService } from './tokens.service.js';

/** `/token` (contract.md §5). */
@ApiTags('Tokens')
@Controller('token')
export class TokensController {
  constructor(
    private readonly signIns: SignInService,
    private readonly tokens: TokensService,
  ) {}

  @Post()
  @Public()
  @UseGuards(SignInRateLimitGuard)
  @Operation(HttpStatus.CREATED, docs.signIn)
  async signIn(@Body() { login, password }: SignInDto): Promise<TokenPairView> {
    return this.tokens.issueFor(await this.signIns.authenticate(login, password));
  }

  @Post('refresh')
  @Public()
  @UseGuards(RefreshRateLimitGuard, RefreshTokenGuard, UserRefreshRateLimitGuard)
  @Operation(HttpStatus.CREATED, docs.refresh)
  refresh(@Body() _: RefreshTokenDto, @Req() request: RefreshRequest): Promise<AccessTokenView> {
    return this.tokens.refresh(request.refreshSession);
  }

  @Post('create')
  @Access({ actions: [Action.ManageToken], who: 'everyone' })
  @Operation(HttpStatus.CREATED, docs.create)
  create(@Body() wanted: CreateTokenDto, @CurrentPrincipal() principal: Principal): Promise<TokenPairView> {
    return this.tokens.create(wanted, principal);
  }
}
