import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CANDIDATES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const executablePath = CANDIDATES.find((path) => path !== undefined && existsSync(path));

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Whether there is no Chromium, so that tests of `what` are skipped, which it prints. In CI nothing is skipped. */
export function isChromiumMissing(what: string): boolean {
  const isMissing = executablePath === undefined && process.env['CI'] !== 'true';
  if (isMissing) {
    process.stdout.write(
      `${what} was not tested: no Chromium. Get it with \`apt-get install chromium\`, or name one in CHROMIUM.\n`,
    );
  }
  return isMissing;
}

/** Starts Chromium, with no window. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ ...(executablePath !== undefined && { executablePath }), args: FLAGS });
}
