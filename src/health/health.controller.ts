import { Controller, Get, HttpStatus } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  HealthCheck,
  type HealthCheckResult,
  HealthCheckService,
  HealthIndicatorService,
} from '@nestjs/terminus';
import { Public } from '../authorization/access.decorator.js';
import { Database } from '../database/database.js';
import { requestErrors } from '../errors/request.errors.js';
import { ShutdownState } from '../http/shutdown-state.js';
import { Operation, type OperationDoc } from '../openapi/operation.decorator.js';
import { HealthView } from './health.view.js';

const live: OperationDoc = {
  id: 'getLiveness',
  summary: 'Whether the process responds',
  description: 'Restart a process that does not.',
  success: { description: 'It does.', type: HealthView },
};
const ready: OperationDoc = {
  id: 'getReadiness',
  summary: 'Whether requests should be sent here',
  description: 'Asks the database. While the service shuts down, the response is 503.',
  success: { description: 'They should.', type: HealthView },
};

/** `/health` (contract.md §2). */
@ApiTags('Operation')
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly database: Database,
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
    return this.health.check([() => this.askDatabase()]);
  }

  private async askDatabase() {
    await this.database.ping();
    return this.indicators.check('database').up();
  }
}
