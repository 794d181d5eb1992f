import { Controller, Get, HttpStatus } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { HealthCheck, type HealthCheckResult, HealthCheckService } from '@nestjs/terminus';
import { Public } from '../authorization/access.decorator.js';
import { requestErrors } from '../errors/request.errors.js';
import { ShutdownState } from '../http/shutdown-state.js';
import { Operation, type OperationDoc } from '../openapi/operation.decorator.js';
import { HealthView } from './health.view.js';
import { ReadinessService } from './readiness.service.js';

const live: OperationDoc = {
  id: 'getLiveness',
  summary: 'Whether the process responds',
  description: 'Restart a process that does not.',
  success: { description: 'It does.', type: HealthView },
};
const ready: OperationDoc = {
  id: 'getReadiness',
  summary: 'Whether requests should be sent here',
  description:
    'Asks whether the signing keys are read and the database takes writes. A read-only database or a standby is a 503 ' +
    'that names the check, and so is a service that shuts down. A full disk is a `warning` of the database: reads go ' +
    'on. The result is kept for a second.',
  success: { description: 'They should.', type: HealthView },
};

/** `/health` (contract.md §2). */
@ApiTags('Operation')
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly readiness: ReadinessService,
    private readonly shutdown: ShutdownState,
  ) {}

  @Get('live')
  @Public()
  @HealthCheck({ swaggerDocumentation: false })
  @Operation(HttpStatus.OK, live)
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  @Get('ready')
  @Public()
  @HealthCheck({ swaggerDocumentation: false })
  @Operation(HttpStatus.OK, ready)
  ready(): Promise<HealthCheckResult> {
    if (this.shutdown.isShuttingDown) throw requestErrors.shuttingDown();
    return this.readiness.check();
  }
}
