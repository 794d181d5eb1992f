import { Global, Module } from '@nestjs/common';
import { Lists } from './lists.js';

/** Lists of records, and how they are cut into pages. */
@Global()
@Module({ providers: [Lists], exports: [Lists] })
export class PaginationModule {}
