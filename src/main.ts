#!/usr/bin/env node
import { endOnEarlySignals } from './commands/early-signals.js';
import { runProgram } from './commands/program.js';

endOnEarlySignals();
void runProgram(process.argv.slice(2));
