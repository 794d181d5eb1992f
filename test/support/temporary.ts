import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createDatabase, type DatabaseKind, type TestDatabase } from './database.js';

/** An empty database that is removed after the test that calls this. */
export async function temporaryDatabase(kind?: DatabaseKind): Promise<TestDatabase> {
  const database = await createDatabase(kind);
  onTestFinished(() => database.remove());
  return database;
}

/** An empty directory that is removed after the test that calls this. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hivegate-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
