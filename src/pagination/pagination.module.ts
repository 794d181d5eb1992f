import { Global, Module } from '@nestjs/common';
import { LIST_RULES, STRICT_LIST_RULES } from './list-rules.js';
import { Lists } from './lists.js';

/** Lists of records, and how they are cut into pages. */
@Global()
@Module({ providers: [Lists, { provide: LIST_RULES, useValue: STRICT_LIST_RULES }], exports: [Lists] })
export class PaginationModule {}
