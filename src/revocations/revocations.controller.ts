import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Controller, Get, HttpStatus, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../authorization/access.decorator.js';
import type { AuthenticatedRequest } from '../authorization/authenticated-request.js';
import { QueryParameters } from '../http/query-parameters.decorator.js';
import { Operation } from '../openapi/operation.decorator.js';
import type { RevocationsView } from './revocation.view.js';
import * as docs from './revocations.docs.js';
import { RevocationsQuery } from './revocations.query.js';
import { RevocationsService } from './revocations.service.js';

/** `/revocation` (contract.md §5). */
@ApiTags('Tokens')
@Controller('revocation')
export class RevocationsController {
  constructor(private readonly revocations: RevocationsService) {}

  @Get()
  @Access({ actions: [], who: 'everyone' })
  @Operation(HttpStatus.OK, docs.read)
  read(
    @QueryParameters() query: RevocationsQuery,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RevocationsView | Readable> {
    return this.revocations.respond(query, request, reply);
  }
}
