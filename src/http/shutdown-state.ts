import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/** Knows whether the service is on its way out: then requests in flight finish, and new ones are refused. */
@Injectable()
export class ShutdownState implements BeforeApplicationShutdown {
  private begun = false;

  get isDraining(): boolean {
    return this.begun;
  }

  beforeApplicationShutdown(): void {
    this.begun = true;
  }
}
