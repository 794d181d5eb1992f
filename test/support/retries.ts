/**
 * In CI a test has a second try, since a run of it takes half an hour. The run ends with the names of those that needed it
 * (totals.reporter.ts).
 */
export const RETRIES = process.env['CI'] === 'true' ? 1 : 0;
