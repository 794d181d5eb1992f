import { Injectable } from '@nestjs/common';
import { type HealthCheckResult, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { SigningKeysService } from '../authentication/signing-keys/signing-keys.service.js';
import { Database } from '../database/database.js';
import { UnavailableError } from '../errors/unavailable.error.js';

/** Milliseconds that a result is kept. */
const KEPT = 1000;

/**
 * Whether requests can be served: the signing keys are read, and the database takes writes (contract.md §10). Anyone may
 * ask, so any number of callers cost one check in a second.
 */
@Injectable()
export class ReadinessService {
  /** The last check, which may still run. Never undone: its result says so when it fails. */
  private checked: Promise<HealthCheckResult> | undefined;
  private keptUntil = -Infinity;

  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly keys: SigningKeysService,
    private readonly database: Database,
  ) {}

  /** @throws {UnavailableError} that names the check which has failed, and why */
  check(): Promise<HealthCheckResult> {
    if (this.checked && performance.now() < this.keptUntil) return this.checked;
    // While it runs.
    this.keptUntil = Infinity;
    const checked = this.health.check([() => this.checkKeys(), () => this.checkDatabase()]);
    this.checked = checked;
    const keep = () => {
      this.keptUntil = performance.now() + KEPT;
    };
    checked.then(keep, keep);
    return checked;
  }

  private checkKeys() {
    if (!this.keys.areRead) throw notReady('keys', 'they are not read yet');
    return this.indicators.check('keys').up();
  }

  private async checkDatabase() {
    const { refusal, isDiskFull } = await this.database.state().catch((cause: unknown) => {
      throw notReady('database', 'it does not respond', cause);
    });
    if (refusal !== undefined) throw notReady('database', `it takes no writes: ${refusal}`);
    const indicator = this.indicators.check('database');
    return isDiskFull ? indicator.up({ warning: DISK_FULL }) : indicator.up();
  }
}

const DISK_FULL = 'its disk is full: changes fail, reads go on';

const notReady = (check: string, reason: string, cause?: unknown) =>
  new UnavailableError(`Not ready: ${check}: ${reason}`, cause === undefined ? undefined : { cause });
