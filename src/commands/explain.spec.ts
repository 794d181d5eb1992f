import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../errors/unavailable.error.js';
import { explain } from './explain.js';

describe('why a command has failed', () => {
  it('is the error of the driver, however often it was passed on', () => {
    const full = new Error('database or disk is full\nINSERT INTO …');
    const passedOn = new UnavailableError('The database is not available', {
      cause: new UnavailableError('The database is not available', { cause: full }),
    });
    expect(explain(passedOn)).toBe('The database cannot answer now: database or disk is full');
    expect(explain(new UnavailableError('The service is busy'))).toBe(
      'The database cannot answer now: The service is busy',
    );
  });
});
