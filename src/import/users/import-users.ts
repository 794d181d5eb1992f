import type { Database } from '../../database/database.js';
import { OperatorError } from '../../errors/operator-error.js';
import type { EventActor } from '../../events/event.js';
import { recordEvent } from '../../events/record-event.js';
import { startProgress } from '../../progress/start-progress.js';
import { importInOneTransaction } from '../import-transaction.js';
import { isFaulty } from './file-rows.js';
import { type Survey, surveyFile, validRows } from './survey.js';
import type { UserFile, ValidRow } from './user-file.js';
import { type LoadCounts, UserLoad } from './user-load.js';

/** Most rows of a batch, and bytes of the file that they come from. */
const ROWS = 1000;
const BYTES = 4 * 1024 * 1024;

const ACTOR: EventActor = { userId: null, command: 'import users' };

/** How users are imported. */
export interface ImportOptions {
  /** Leave out the rows that cannot be imported, instead of importing nothing. */
  readonly isSkipping: boolean;
  /** Change nothing. */
  readonly isTrial: boolean;
  /** Ends the import, with nothing imported. Its reason is thrown. */
  readonly signal: AbortSignal;
  /** Called for each row that cannot be imported. */
  readonly tell: (line: number, reason: string) => void;
}

/** What has become of the rows of a file. */
export interface ImportReport extends Omit<LoadCounts, 'refused'> {
  /** They cannot be imported. */
  readonly leftOut: number;
}

/**
 * Imports the users of a file in one transaction, beside a running service. The file is read twice: what is wrong with it
 * is told before the database is opened, and its writers wait only for the second reading.
 *
 * @throws {OperatorError} when rows cannot be imported and are not skipped, or the file cannot be read
 */
export async function importUsers(
  file: UserFile,
  openDatabase: () => Promise<Database>,
  options: ImportOptions,
): Promise<ImportReport> {
  const { isSkipping, signal, tell } = options;
  const survey = await withProgress('Check', file, (advance) =>
    surveyFile(
      file,
      signal,
      ({ line, fault }) => {
        tell(line, fault);
      },
      advance,
    ),
  ).catch(reasonOf(signal));
  if (survey.faulty > 0 && !isSkipping) throw refusal(survey.faulty, survey);
  const database = await openDatabase();
  try {
    const counts = await withProgress('Import', file, (advance) =>
      load(database, file, survey, options, advance),
    ).catch(reasonOf(signal));
    const { refused, ...rest } = counts;
    return { ...rest, leftOut: survey.faulty + refused };
  } finally {
    await database.close();
  }
}

/** Thrown to roll a trial back. */
class TrialEnded extends Error {
  constructor(readonly counts: LoadCounts) {
    super('The trial has ended');
  }
}

async function load(
  database: Database,
  file: UserFile,
  survey: Survey,
  { isSkipping, isTrial, signal, tell }: ImportOptions,
  advance: (bytes: number) => void,
): Promise<LoadCounts> {
  try {
    return await importInOneTransaction(database, async (transaction) => {
      // A service that starts now does not create a first administrator beside one that comes along.
      await transaction.serialise('firstAdministrator');
      const loading = await UserLoad.begin(database, transaction, survey, { isTrial, tell });
      const { counts } = loading;
      let passed = 0;
      for await (const batch of batchesOf(file, signal)) {
        await loading.write(batch);
        const end = batch.at(-1)?.end ?? passed;
        advance(end - passed);
        passed = end;
      }
      signal.throwIfAborted();
      if (counts.refused > 0 && !isSkipping) throw refusal(counts.refused, survey);
      if (isTrial) throw new TrialEnded(counts);
      if (counts.imported > 0)
        await recordEvent(transaction, {
          type: 'service.imported',
          subject: 'service',
          actor: ACTOR,
          users: counts.imported,
        });
      return counts;
    });
  } catch (error) {
    if (error instanceof TrialEnded) return error.counts;
    throw error;
  }
}

async function* batchesOf(file: UserFile, signal: AbortSignal): AsyncGenerator<ValidRow[], void, undefined> {
  let batch: ValidRow[] = [];
  let begin = 0;
  for await (const row of validRows(file, signal)) {
    if (!isFaulty(row)) batch.push(row);
    if (batch.length < ROWS && row.end - begin < BYTES) continue;
    if (batch.length > 0) yield batch;
    batch = [];
    begin = row.end;
  }
  if (batch.length > 0) yield batch;
}

async function withProgress<T>(
  what: string,
  { size }: UserFile,
  work: (advance: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  const progress = startProgress(what, { total: size, unit: 'bytes' });
  try {
    return await work((bytes) => {
      progress.advance(bytes);
    });
  } finally {
    progress.end();
  }
}

const reasonOf = (signal: AbortSignal) => (error: unknown) => {
  throw signal.aborted ? signal.reason : error;
};

const refusal = (refused: number, { valid, faulty }: Survey): OperatorError =>
  new OperatorError(
    `${refused} of ${valid + faulty} rows cannot be imported, and nothing has been: --skip leaves such rows out`,
  );
