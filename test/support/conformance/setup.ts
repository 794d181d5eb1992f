import { afterAll, afterEach } from 'vitest';
import { checkExchanges, takeFaults } from './found-faults.js';

/*
 * Every response in every test is held to the OpenAPI document. A test whose service sends what the document does not
 * describe fails, whatever it expects itself.
 */

checkExchanges();

function failOnFaults(): void {
  const faults = takeFaults();
  if (faults.length > 0) throw new Error(`The document does not describe this:\n${faults.join('\n')}`);
}

afterEach(failOnFaults);
afterAll(failOnFaults);
