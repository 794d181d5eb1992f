import { describe, expect, it } from 'vitest';
import { UnreadableTexts } from './unreadable-texts.js';

const HOUR = 3_600_000;

describe('warnings of unreadable texts', () => {
  function reporter() {
    const warnings: string[] = [];
    const clock = { now: 0 };
    const texts = new UnreadableTexts({ warn: (line: string) => void warnings.push(line) }, () => clock.now);
    return { warnings, clock, texts };
  }

  it('name each row once in an hour', () => {
    const { warnings, clock, texts } = reporter();
    for (const at of [0, 1, HOUR - 1]) {
      clock.now = at;
      texts.report('The data of user 7', 'it is null');
    }
    expect(warnings).toEqual(['The data of user 7 was not written by the service: it is null']);
    clock.now = HOUR;
    texts.report('The data of user 7', 'it is null');
    expect(warnings).toHaveLength(2);
  });

  it('are bounded for any number of rows, and say that there are more', () => {
    const { warnings, clock, texts } = reporter();
    const reportMany = () => {
      for (let id = 1; id <= 10_000; id += 1) texts.report(`The data of user ${id}`, 'it is null');
    };
    reportMany();
    reportMany();
    expect(warnings).toHaveLength(101);
    expect(warnings.at(-1)).toMatch(/^There are more/);
    clock.now = HOUR;
    reportMany();
    expect(warnings).toHaveLength(202);
  });
});
