import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DATABASES } from '../../support/database.js';
import { isWhole, note, times, whole } from '../promise.js';
import { ProvenService } from '../proven-service.js';
import { Campaign } from './campaign.js';
import { type Held, MEASURABLE, measure } from './measure.js';

/** Equal parts of a run, after each of which it is measured what the service holds. */
const ROUNDS = times(6, 2);
/** Requests of a run. */
const REQUESTS = { sqlite: times(150_000, 4000), postgres: times(60_000, 3000) };
/** MiB that the heap, after a collection of garbage, may be larger at the end than after the first round. */
const SLACK = 16;
const SEED = Number(process.env['FUZZ_SEED'] ?? (isWhole ? Date.now() % 2 ** 31 : 20_260_131));

/** What no request can bring about: its user would have to vanish between the guard and the change. */
const UNREACHABLE: readonly string[] = ['PUT /user/current 404', 'PATCH /user/current 404'];
/** What only an overload or a fault is answered with. */
const NOT_BY_INPUT = [429, 500, 503];

/** Whether more is open than after the first round; up to four may come and go. */
const holdsMore = ({ handles, resources }: Held, first: Held) =>
  handles > first.handles + 4 || resources > first.resources + 4;
const textOf = ({ heap, resident, handles, resources }: Held) =>
  `${heap.toFixed(1)} MiB of heap, ${resident.toFixed(0)} MiB resident, ${handles} files and sockets, ${resources} resources`;

describe('No input breaks it', () => {
  it.for(DATABASES)(
    'ASVS 2.2.1, 4.2.1, 15.3.3, 15.3.6, 15.3.7, 16.5.1: whatever is sent, on %s',
    async (kind, { task }) => {
      const service = await ProvenService.start({
        kind,
        documented: false,
        environment: { ...MEASURABLE, JWT_ISSUER: 'https://id.example.com' },
      });
      const campaign = await Campaign.prepare(service, SEED);
      const { covered, operations, faults, statuses } = campaign;
      const held: Held[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        await campaign.run(REQUESTS[kind] / ROUNDS);
        if (faults.has('ended')) break;
        // The service closes its end of the connections soon; wait for it.
        await pause(200);
        let now = await measure(service.process);
        for (let tries = 0; tries < 100 && holdsMore(now, held[0] ?? now); tries += 1) {
          await pause(200);
          now = await measure(service.process);
        }
        held.push(now);
      }
      const wanted = operations.flatMap(({ label, statuses: documented }) =>
        documented.filter((status) => !NOT_BY_INPUT.includes(status)).map((status) => `${label} ${status}`),
      );
      const unseen = wanted.filter((answer) => !covered.has(answer) && !UNREACHABLE.includes(answer));
      const badLines = service.process.stdout.split('\n').filter((line) => line !== '' && !isGoodLine(line));
      const [first, last] = [held[0], held.at(-1)];
      const seen = [...statuses].sort(([a], [b]) => a - b);
      note(
        { task },
        {
          tried: `${whole(campaign.sent)} requests: those of all ${operations.length} operations, as documented and spoilt in their types, bounds, texts, JSON, encodings, paths, queries, headers and frames, by ten kinds of callers, ${kind} (seed ${SEED})`,
          seen: `${faults.size} answered wrongly; ${seen.map(([status, count]) => `${whole(count)} × ${status}`).join(', ')}; ${wanted.length - unseen.length} of ${wanted.length} documented answers; ${whole(campaign.refused)} refused, nothing changed by them; at first ${first ? textOf(first) : ''}, at last ${last ? textOf(last) : ''}; beside it \`GET /health/live\` within ${whole(campaign.longestWait)} ms`,
        },
      );
      await service.remove();
      expect([...faults.values()].join('\n'), 'answered wrongly').toBe('');
      expect(badLines, 'lines of the log').toEqual([]);
      expect(Object.fromEntries(seen)).not.toHaveProperty('500');
      const essential = isWhole ? unseen : unseen.filter((answer) => / (?:2\d\d|400)$/.test(answer));
      expect(essential, 'documented and never seen').toEqual([]);
      expect(last?.handles).toBeLessThanOrEqual((first?.handles ?? 0) + 4);
      expect(last?.resources).toBeLessThanOrEqual((first?.resources ?? 0) + 4);
      expect(last?.heap).toBeLessThan((first?.heap ?? 0) + SLACK);
      if (isWhole) expect(campaign.longestWait).toBeLessThan(2000);
    },
  );
});

/** A line that can be read, of something that was not our own fault. */
function isGoodLine(line: string): boolean {
  try {
    const { level } = JSON.parse(line) as { level: number };
    return level < 50;
  } catch {
    return false;
  }
}
