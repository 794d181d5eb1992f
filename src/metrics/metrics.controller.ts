import { Controller, Get, Header, HttpStatus } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../authorization/access.decorator.js';
import { Operation, type OperationDoc } from '../openapi/operation.decorator.js';
import { METRICS_TYPE, MetricsRegistry } from './registry.js';

const metrics: OperationDoc = {
  id: 'getMetrics',
  summary: 'Get the metrics of the process',
  description: "In Prometheus' text format. Served where the setting `METRICS` is `on`.",
  success: { description: 'All metrics.', mediaType: 'text/plain' },
};

/** `/metrics` on the port of the service (contract.md §10). */
@ApiTags('Operation')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly registry: MetricsRegistry) {}

  @Get()
  @Public()
  @Header('content-type', METRICS_TYPE)
  @Operation(HttpStatus.OK, metrics)
  getMetrics(): Promise<string> {
    return this.registry.text();
  }
}
