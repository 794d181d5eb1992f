import { Module } from '@nestjs/common';
import { InfoController } from './info.controller.js';

/** What clients ask before they sign in. */
@Module({ controllers: [InfoController] })
export class InfoModule {}
