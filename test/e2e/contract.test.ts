import { existsSync, readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.js';
import { createHolder, createScope, assign, KINDS } from '../support/scopes.js';
import { PASSWORD, TestService } from '../support/service.js';
import { words } from './contract/section-1-words.js';
import { access } from './contract/section-2-access.js';
import { users } from './contract/section-3-users.js';
import { scopes } from './contract/section-4-scopes.js';
import { tokens } from './contract/section-5-tokens.js';
import { errors } from './contract/section-6-errors.js';
import { settings } from './contract/section-7-settings.js';
import { deviations } from './contract/section-8-deviations.js';
import type { Sentence, Step, Who } from './contract/sentence.js';

/*
 * docs/contract.md, sentence by sentence: which case holds which. The tables stand in contract/, one for each section.
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
];

/** The rows, bullets and numbered points of the contract, by section. */
function readContract(): Map<string, string[]> {
  const points = new Map<string, string[]>();
  let section: string[] = [];
  for (const line of readFileSync('docs/contract.md', 'utf8').split('\n')) {
    if (line.startsWith('## ')) points.set(line.slice(3), (section = []));
    // The line below its head makes a head of the line above.
    else if (/^\|[-| ]+\|$/.test(line)) section.pop();
    else if (/^(?:\||- |\d\. )/.test(line)) section.push(line);
    else if (/^\s+\S/.test(line)) section.push(`${section.pop() ?? ''} ${line.trim()}`);
  }
  return points;
}

describe('the table', () => {
  const contract = readContract();

  it('has the sections of the contract', () => {
    expect(SECTIONS.map(([title]) => title)).toEqual([...contract.keys()]);
  });

  it.each(SECTIONS)(
    '§ %s: quotes what stands there, each once, and leaves out nothing',
    (title, sentences) => {
      const points = contract.get(title) ?? [];
      const quoted = sentences.map(({ says }) => points.filter((point) => point.startsWith(says)));
      expect(sentences.filter((_, index) => quoted[index]?.length !== 1).map(({ says }) => says)).toEqual([]);
      expect(points.filter((point) => !quoted.flat().includes(point))).toEqual([]);
    },
  );

  it('names for each sentence cases, or suites that there are', () => {
    const all = SECTIONS.flatMap(([, sentences]) => sentences);
    expect(all.filter(({ cases, heldBy }) => !cases?.length && !heldBy?.length)).toEqual([]);
    expect(all.flatMap(({ heldBy = [] }) => heldBy).filter((file) => !existsSync(file))).toEqual([]);
  });
});

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

/** What a story happens in: two clients, of whom one has a network and a device type, and scopes that nobody has. */
async function createWorld() {
  const [network, deviceType] = KINDS;
  const own = await createHolder(service, network, await createScope(service, network));
  const types = [await createScope(service, deviceType), await createScope(service, deviceType)] as const;
  await assign(service, deviceType, own.id, types[0]);
  const { body: tokens } = await service.client.post('/token', { login: own.login, password: PASSWORD });
  const { body } = await service.admin.get(`/user/${own.id}`);
  const names: Record<string, unknown> = {
    own: own.id,
    login: own.login,
    password: PASSWORD,
    ...tokens,
    other: (await service.createUser()).id,
    admin: 1,
    missing: 987_654_321,
    network: body.networks[0].id,
    foreignNetwork: await createScope(service, network),
    deviceType: types[0],
    foreignType: types[1],
    fresh: `f${randomBytes(6).toString('hex')}`,
  };
  const clientOf = async (who: Who): Promise<Client> => {
    if (who === 'anyone') return service.client;
    if (who === 'admin') return service.admin;
    if (who === 'client') return service.client.as(tokens.accessToken);
    const rights = { actions: who.actions, networkIds: '*', deviceTypeIds: '*' };
    const { accessToken } = await service.createToken(who.of === 'admin' ? 1 : own.id, rights);
    return service.client.as(accessToken);
  };
  return { names, clientOf };
}

/** Puts names in the place of `{name}`, anywhere within a value; one that is all of a text stays what it is. */
function fill(value: unknown, names: Readonly<Record<string, unknown>>): unknown {
  if (typeof value === 'string') {
    const whole = /^\{(\w+)\}$/.exec(value)?.[1];
    if (whole !== undefined && whole in names) return names[whole];
    return value.replaceAll(/\{(\w+)\}/g, (text, name: string) =>
      name in names ? String(names[name]) : text,
    );
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, names));
  // Matchers stay what they are.
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item, names)]));
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
  if (step.body !== undefined) {
    const body = fill(step.body, names);
    // A list is the whole list; of an object, what is named.
    if (Array.isArray(body)) expect(answer.body).toEqual(body);
    else if (Object.getPrototypeOf(body) === Object.prototype)
      expect(answer.body).toMatchObject(body as object);
    else expect(answer.body).toEqual(body);
  }
  for (const [name, value] of Object.entries(step.carries ?? {})) {
    expect(answer.headers.get(name)).toMatch(value);
  }
  for (const [name, from] of Object.entries(step.keep ?? {})) {
    names[name] = from.startsWith('header ') ? answer.headers.get(from.slice(7)) : answer.body[from];
  }
}

const tellStory = (story: readonly Step[]) =>
  story
    .map(({ as, ask, send, status }) => {
      const who = typeof as === 'string' ? as : `${as.of} with ${as.actions.join()}`;
      const sent = send === undefined ? '' : ` ${JSON.stringify(send).slice(0, 60)}`;
      return `${who}: ${ask}${sent} → ${status}`;
    })
    .join('; ');

for (const [title, sentences] of SECTIONS.filter(([, all]) => all.some(({ cases }) => cases))) {
  describe(`§ ${title}`, () => {
    for (const { says, cases = [] } of sentences.filter((sentence) => sentence.cases)) {
      describe(says, () => {
        cases.forEach((story, index) => {
          it(`${index + 1}: ${tellStory(story)}`, async () => {
            const world = await createWorld();
            for (const step of story) await take(step, world);
          });
        });
      });
    }
  });
}
