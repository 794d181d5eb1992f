import { Module } from '@nestjs/common';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationsController } from './revocations.controller.js';
import { RevocationsService } from './revocations.service.js';

/** The feed of revocations: which tokens other services must not trust any more. */
@Module({ controllers: [RevocationsController], providers: [RevocationFeed, RevocationsService] })
export class RevocationsModule {}
