import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, claimsOf, type Client } from '../support/client.js';
import { assign, createHolder, createScope, KINDS } from '../support/scopes.js';
import { ADMINISTRATOR, HOME, PASSWORD, TestService } from '../support/service.js';
import { words } from './contract/section-1-words.js';
import { access } from './contract/section-2-access.js';
import { users } from './contract/section-3-users.js';
import { scopes } from './contract/section-4-scopes.js';
import { tokens } from './contract/section-5-tokens.js';
import { errors } from './contract/section-6-errors.js';
import { settings } from './contract/section-7-settings.js';
import { deviations } from './contract/section-8-deviations.js';
import { compatibility } from './contract/section-9-compatibility.js';
import { command } from './contract/section-10-command.js';
import { events } from './contract/section-10-events.js';
import { postgresql } from './contract/section-10-postgresql.js';
import { running } from './contract/section-10-running.js';
import { services } from './contract/section-10-services.js';
import type { Sentence, Step, Story, Who } from './contract/sentence.js';

/*
 * docs/contract.md, sentence by sentence: every sentence of a bullet, table row or numbered point has a case that
 * holds it. The tables are in contract/, one per section, in the order of the document.
 */
const SECTIONS: readonly (readonly [title: string, sentences: readonly Sentence[]])[] = [
  ['1. Words', words],
  ['2. Who may do what', access],
  ['3. User', users],
  ['4. Networks, device types, configuration, info', scopes],
  ['5. Tokens', tokens],
  ['6. Errors', errors],
  ['7. Settings (environment)', settings],
  ['8. Where the original is not followed, on purpose', deviations],
  ['9. `COMPATIBILITY=devicehive`', compatibility],
  ['10. Events and operation', [...events, ...running, ...command, ...postgresql, ...services]],
];

/** Up to a full stop or a semicolon, neither of them within code or parentheses. */
const SENTENCE = /(?:^\d\. )?(?:`[^`]*`|\((?:`[^`]*`|[^)`])*\)|[^.;`]|[.;](?! |$))+[.;]?/g;

/** The sentences of all rows, bullets and numbered points of the contract, by section. */
function readContract(): Map<string, string[]> {
  const points = new Map<string, string[]>();
  let section: string[] = [];
  for (const line of readFileSync('docs/contract.md', 'utf8').split('\n')) {
    if (line.startsWith('## ')) points.set(line.slice(3), (section = []));
    // The line above is the head of a table.
    else if (/^\|[-| ]+\|$/.test(line)) section.pop();
    else if (/^(?:\||- |\d\. )/.test(line)) section.push(line);
    else if (/^\s+\S/.test(line)) section.push(`${section.pop() ?? ''} ${line.trim()}`);
  }
  const sentencesOf = (point: string) => (point.match(SENTENCE) ?? []).map((text) => text.trim());
  return new Map([...points].map(([title, texts]) => [title, texts.flatMap(sentencesOf)]));
}

describe('the tables', () => {
  const contract = readContract();

  it('have the sections of the contract', () => {
    expect(SECTIONS.map(([title]) => title)).toEqual([...contract.keys()]);
  });

  it.each(SECTIONS)('§ %s: quote every sentence once, in its order, and no other', (title, sentences) => {
    const texts = contract.get(title) ?? [];
    const quoted = sentences.map(({ says }) => texts.find((text) => text.startsWith(says)) ?? says);
    expect(quoted).toEqual(texts);
  });

  it('name for each sentence cases, or suites that exist', () => {
    const all = SECTIONS.flatMap(([, sentences]) => sentences);
    const isHeld = ({ cases, configured, checks, heldBy }: Sentence) =>
      [cases, configured, heldBy, Object.keys(checks ?? {})].some((held) => held?.length);
    expect(all.filter((sentence) => !isHeld(sentence)).map(({ says }) => says)).toEqual([]);
    expect(all.flatMap(({ heldBy = [] }) => heldBy).filter((file) => !existsSync(file))).toEqual([]);
  });
});

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const HOUR = 3_600_000;

/** Services that sentences ask for, by their settings. */
const configured = new Map<string, Promise<TestService>>();
afterAll(async () => {
  for (const started of configured.values()) await (await started).stop();
});
function startWith(settings: Readonly<Record<string, string>>): Promise<TestService> {
  const key = JSON.stringify(settings);
  const started = configured.get(key) ?? TestService.start(settings);
  configured.set(key, started);
  return started;
}

/** What a story happens in: two clients, one of which has a network and a device type, and scopes assigned to nobody. */
async function createWorld(service: TestService, story: Story) {
  // Most stories need less: making all of it for each of several hundred takes longer than the stories themselves.
  const told = JSON.stringify(story);
  const ifTold = async (name: string, create: () => Promise<number>) =>
    told.includes(`{${name}}`) ? create() : undefined;
  const [network, deviceType] = KINDS;
  const own = await createHolder(service, network, await createScope(service, network));
  const ownType = await createScope(service, deviceType);
  await assign(service, deviceType, own.id, ownType);
  const { body: tokens } = await service.client.signIn({ login: own.login, password: PASSWORD }, HOME);
  const { body } = await service.admin.get(`/user/${own.id}`);
  const soon = Date.now() + 10 * 60_000;
  const names: Record<string, unknown> = {
    own: own.id,
    login: own.login,
    password: PASSWORD,
    ...tokens,
    sid: claimsOf(tokens.accessToken)['sid'],
    inTenMinutes: new Date(soon).toISOString(),
    inTenMinutesAsNumber: soon,
    inAnHour: new Date(Date.now() + HOUR).toISOString(),
    in300Days: new Date(Date.now() + 300 * 24 * HOUR).toISOString(),
    in400Days: new Date(Date.now() + 400 * 24 * HOUR).toISOString(),
    other: await ifTold('other', async () => (await service.createUser()).id),
    admin: 1,
    adminLogin: ADMINISTRATOR.login,
    adminPassword: ADMINISTRATOR.password,
    missing: 987_654_321,
    network: body.networks[0].id,
    foreignNetwork: await ifTold('foreignNetwork', () => createScope(service, network)),
    deviceType: ownType,
    foreignType: await ifTold('foreignType', () => createScope(service, deviceType)),
    ownText: String(own.id),
    networkText: String(body.networks[0].id),
    deviceTypeText: String(ownType),
    fresh: `f${randomBytes(6).toString('hex')}`,
  };
  const clientOf = async (who: Who): Promise<Client> => {
    if (who === 'anyone') return service.client;
    if (who === 'admin') return service.admin;
    if (who === 'client') return service.client.as(tokens.accessToken);
    // With all scopes of the user: of nobody's rights can more be given.
    const [userId, scopes] =
      who.of === 'admin'
        ? [1, { networkIds: '*', deviceTypeIds: '*' }]
        : [own.id, { networkIds: [names['network']], deviceTypeIds: [ownType] }];
    const { accessToken } = await service.createToken(userId, { actions: who.actions, ...scopes });
    return service.client.as(accessToken);
  };
  return { names, clientOf };
}

/** Replaces `{name}` anywhere within a value; a text that is nothing else becomes the named value itself. */
function fill(value: unknown, names: Readonly<Record<string, unknown>>): unknown {
  if (typeof value === 'string') {
    const whole = /^\{(\w+)\}$/.exec(value)?.[1];
    if (whole !== undefined && whole in names) return names[whole];
    return value.replaceAll(/\{(\w+)\}/g, (text, name: string) =>
      name in names ? String(names[name]) : text,
    );
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, names));
  // Matchers stay as they are.
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item, names)]));
}

const isPlainObject = (value: unknown): value is object =>
  value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;

/** A list or a matcher stands for the whole value, an object for the members that it names. */
function expectValue(actual: unknown, wanted: unknown): void {
  if (isPlainObject(wanted)) expect(actual).toMatchObject(wanted);
  else expect(actual).toEqual(wanted);
}

/** Takes one step of a story, and keeps what later steps need. */
async function take(step: Step, { names, clientOf }: Awaited<ReturnType<typeof createWorld>>): Promise<void> {
  const [method = '', path = ''] = (fill(step.ask, names) as string).split(' ');
  const answer = await (
    await clientOf(step.as)
  ).send(method, path, {
    body: fill(step.send, names),
    headers: fill(step.headers, names) as Record<string, string> | undefined,
  });
  expect({ asked: step.ask, status: answer.status, text: answer.text }).toMatchObject({
    status: step.status,
  });
  if (step.status === 204) expect(answer.text).toBe('');
  if (step.status >= 400) expect(answer.body).toMatchObject({ error: step.status });
  if (step.message !== undefined) {
    const wanted = fill(step.message, names);
    expect(answer.body.message).toEqual(wanted instanceof RegExp ? expect.stringMatching(wanted) : wanted);
  }
  if (step.body !== undefined) expectValue(answer.body, fill(step.body, names));
  if (step.list !== undefined) expect(answer.body).toMatchObject(fill(step.list, names) as object[]);
  if (step.only) expect(Object.keys(answer.body).sort()).toEqual([...step.only].sort());
  if (step.text) expect(answer.text).toMatch(step.text);
  for (const [member, wanted] of Object.entries(step.claims ?? {})) {
    expectValue(claimsOf(answer.body[member]), fill(wanted, names));
  }
  for (const [name, value] of Object.entries(step.carries ?? {})) {
    if (value === null) expect(answer.headers.get(name)).toBeNull();
    else expect(answer.headers.get(name)).toMatch(value);
  }
  for (const [name, from] of Object.entries(step.keep ?? {})) {
    names[name] = lookUp(answer, from);
  }
}

/** What {@link Step.keep} names. */
function lookUp({ headers, body }: Answer, from: string): unknown {
  const [where = '', name = ''] = from.split(' ');
  if (where === 'header') return headers.get(name);
  const root = where === 'claim' ? claimsOf(body[name.split('.')[0] ?? '']) : body;
  const path = where === 'claim' ? name.split('.').slice(1) : from.split('.');
  return path.reduce<unknown>((value, member) => (value as Record<string, unknown>)[member], root);
}

const tellStory = (story: Story) =>
  story
    .map(({ as, ask, send, status }) => {
      const who = typeof as === 'string' ? as : `${as.of} with ${as.actions.join()}`;
      const sent = send === undefined ? '' : ` ${JSON.stringify(send).slice(0, 60)}`;
      return `${who}: ${ask}${sent} → ${status}`;
    })
    // A step that is repeated is told once.
    .filter((told, index, all) => told !== all[index - 1])
    .join('; ');

function tell(cases: readonly Story[], getService: () => TestService | Promise<TestService>): void {
  cases.forEach((story, index) => {
    it(`${index + 1}: ${tellStory(story)}`, async () => {
      const world = await createWorld(await getService(), story);
      for (const step of story) await take(step, world);
    });
  });
}

for (const [title, sentences] of SECTIONS) {
  // Sentences that other suites hold alone have nothing to run here.
  const told = sentences.filter((sentence) => sentence.cases ?? sentence.configured ?? sentence.checks);
  describe(`§ ${title}`, () => {
    for (const { says, cases = [], configured = [], checks = {} } of told) {
      describe(says, () => {
        tell(cases, () => service);
        for (const { with: settings, cases } of configured) {
          describe(`with ${JSON.stringify(settings)}`, () => {
            tell(cases, () => startWith(settings));
          });
        }
        it.each(Object.entries(checks))('%s', (_what, check) => check(service));
      });
    }
  });
}
