import { Module } from '@nestjs/common';
import { NetworksController } from './networks.controller.js';
import { NetworksService } from './networks.service.js';

/** Networks as access scopes. */
@Module({ controllers: [NetworksController], providers: [NetworksService], exports: [NetworksService] })
export class NetworksModule {}
