import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMINISTRATOR, TestService } from '../support/service.js';
import { isChromiumMissing, launchChromium } from './chromium.js';
import { PATIENCE, SwaggerPage } from './swagger-page.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Runs axe in the page, and keeps what a reader of a failure needs. */
const RUN = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
  .filter(({ impact }) => impact === 'serious' || impact === 'critical')
  .map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 5).map(({ html }) => html.slice(0, 200)) })))`;
/** How many elements still change their colour or size. A spinner, which has no end, is none. */
const MOVING = `document.getAnimations().filter(
  ({ playState, effect }) => playState === 'running' && effect.getTiming().iterations !== Infinity).length`;

describe.skipIf(isChromiumMissing('The Swagger page'))('the Swagger page, for everyone', () => {
  let service: TestService;
  let browser: Browser;
  beforeAll(async () => {
    service = await TestService.start();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });

  it.each([
    { width: 1280, colorScheme: 'light' },
    { width: 1280, colorScheme: 'dark' },
    { width: 390, colorScheme: 'light' },
    { width: 390, colorScheme: 'dark' },
  ] as const)('has no serious fault at $width pixels, $colorScheme', async ({ width, colorScheme }) => {
    const swagger = await SwaggerPage.open(browser, service.client.baseUrl, {
      viewport: { width, height: 844 },
      colorScheme,
    });
    const { page } = swagger;
    const expectNoFault = async (where: string) => {
      // The colours of a transition are not those that are read.
      await expect.poll(() => page.evaluate(MOVING), { timeout: PATIENCE }).toBe(0);
      // The content security policy does not hold for the debugger.
      const debug = await page.context().newCDPSession(page);
      await debug.send('Runtime.evaluate', { expression: AXE });
      expect({ where, faults: await page.evaluate(RUN) }).toEqual({ where, faults: [] });
      const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
      expect({ where, widths }, 'it does not scroll sideways').toEqual({ where, widths: [width, width] });
    };
    await expectNoFault('at the top');

    await swagger.tryToSignIn({ login: 'nobody', password: 'a wrong one' });
    await swagger.error();
    await expectNoFault('in the dialogue');

    await swagger.signIn(ADMINISTRATOR);
    await swagger.execute('updateCurrentUser');
    const operation = await swagger.openOperation('updateCurrentUser');
    await expectNoFault('in an operation');

    await operation.getByRole('tab', { name: 'Schema' }).first().click();
    await operation.getByText('0: administrator, 1: client.').first().waitFor();
    await operation.getByText('0: active, 1: locked out, 2: disabled.').first().waitFor();
    await expectNoFault('in a schema');
    await swagger.close();
  });

  it('says what role and status mean in the schema of a user, without a click', async () => {
    const swagger = await SwaggerPage.open(browser, service.client.baseUrl);
    const schemas = swagger.page.locator('section.models');
    await schemas.getByText('0: administrator, 1: client.').first().waitFor();
    await schemas.getByText('0: active, 1: locked out, 2: disabled.').first().waitFor();
    await swagger.close();
  });
});
