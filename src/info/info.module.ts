import { Module } from '@nestjs/common';
import { InfoController } from './info.controller.js';

/** Information for clients before they sign in. */
@Module({ controllers: [InfoController] })
export class InfoModule {}
