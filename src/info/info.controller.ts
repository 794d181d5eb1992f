import type { FastifyRequest } from 'fastify';
import { Controller, Get, HttpStatus, Inject, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../authorization/access.decorator.js';
import { hostOf } from '../http/host.js';
import { Operation, type OperationDoc } from '../openapi/operation.decorator.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { VERSION } from '../version.js';
import { CacheInfoView, InfoView } from './info.view.js';

const info: OperationDoc = {
  id: 'getInfo',
  summary: 'Get what clients ask first',
  description: 'The version, the time, and where the web socket server is.',
  success: { description: 'About the service.', type: InfoView },
};
const cache: OperationDoc = {
  id: 'getCacheInfo',
  summary: 'Get what is known of the caches',
  description: 'A text for people.',
  success: { description: 'About the caches.', type: CacheInfoView },
};

/** `/info` (contract.md §4). */
@ApiTags('Operation')
@Controller('info')
export class InfoController {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  @Get()
  @Public()
  @Operation(HttpStatus.OK, info)
  getInfo(@Req() request: FastifyRequest): InfoView {
    const { webSocketUrl, apiPrefix } = this.settings;
    const scheme = request.protocol === 'https' ? 'wss' : 'ws';
    return {
      apiVersion: VERSION,
      serverTimestamp: new Date(),
      webSocketServerUrl: webSocketUrl ?? `${scheme}://${hostOf(request)}${apiPrefix}/websocket`,
    };
  }

  @Get('cache')
  @Public()
  @Operation(HttpStatus.OK, cache)
  getCacheInfo(): CacheInfoView {
    return { serverTimestamp: new Date(), cacheStats: 'No caches' };
  }
}
