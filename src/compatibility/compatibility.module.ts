import { Module } from '@nestjs/common';
import { ClusterInfoController } from './cluster-info.controller.js';
import { DevicesController } from './devices.controller.js';

/** The routes that only the compatible mode has (contract.md §9). */
@Module({ controllers: [ClusterInfoController, DevicesController] })
export class CompatibilityModule {}
