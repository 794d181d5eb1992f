#!/usr/bin/env node
import { runProgram } from './commands/program.js';

void runProgram(process.argv.slice(2));
