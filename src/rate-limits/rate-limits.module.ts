import { Module } from '@nestjs/common';
import { RateLimits } from './rate-limits.service.js';

/** Rate limits that all processes share. */
@Module({ providers: [RateLimits], exports: [RateLimits] })
export class RateLimitsModule {}
