import type { Exchange } from './exchange.js';
import type { OpenApiConformance } from './openapi-conformance.js';

/** What tests have found since they were last asked, by what it says: a fault that repeats itself is told once. */
const found = new Set<string>();
let isOn = false;

/** Has every exchange checked from now on. */
export function checkExchanges(): void {
  isOn = true;
}

/** Whether exchanges are checked. */
export const areExchangesChecked = (): boolean => isOn;

/** Holds an exchange to the document. What is wrong fails the test that runs. */
export function hold(conformance: OpenApiConformance, exchange: Exchange): void {
  try {
    for (const fault of conformance.faultsOf(exchange)) found.add(fault);
  } catch (error) {
    // Thrown where the service sends its response, it would be a fault of the service.
    found.add(String(error));
  }
}

/** Returns what has been found, and forgets it. */
export function takeFaults(): string[] {
  const faults = [...found];
  found.clear();
  return faults;
}
