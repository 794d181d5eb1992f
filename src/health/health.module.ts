import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { AuthenticationModule } from '../authentication/authentication.module.js';
import { HealthController } from './health.controller.js';
import { ReadinessService } from './readiness.service.js';

/** Health checks for operators and load balancers. */
@Module({
  imports: [TerminusModule, AuthenticationModule],
  controllers: [HealthController],
  providers: [ReadinessService],
})
export class HealthModule {}
