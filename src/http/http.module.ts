import { Global, Module } from '@nestjs/common';
import { OpenReaders } from './open-readers.js';
import { ShutdownState } from './shutdown-state.js';

/** What all requests of the process share. */
@Global()
@Module({ providers: [ShutdownState, OpenReaders], exports: [ShutdownState, OpenReaders] })
export class HttpModule {}
