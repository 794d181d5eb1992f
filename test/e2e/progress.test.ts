import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../support/command.js';
import { TestService } from '../support/service.js';
import { temporaryDatabase, temporaryDirectory } from '../support/temporary.js';
import { hasTerminal, runInTerminal } from '../support/terminal.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
  await service.database.query(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
     INSERT INTO events (at, type, subject, data) SELECT ${Date.now()}, 'user.updated', 'crowd', '{}' FROM n ORDER BY i`,
  );
});
afterAll(() => service.stop());

it('a backup and a restore write plain lines without a terminal, and their result to standard output alone', async () => {
  const file = join(await temporaryDirectory(), 'backup.gz');
  const backup = await runCommand('backup', [file], { DATABASE_URL: service.database.url });
  expect(backup).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^[^\n]+ is written \([^\n]+\)\n$/),
  });
  expect(backup.stderr).toMatch(/^(?:Backup: [\d,]+ of 3,0\d\d rows \(\d+ %\)\n){2,9}Backup: ended after /);
  const { url } = await temporaryDatabase();
  const restore = await runCommand('restore', [file], { DATABASE_URL: url });
  expect(restore).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[^\n]+ is restored [^\n]+\n/) });
  expect(restore.stderr).toMatch(
    /^(?:Restore: [\d,]+ of 3,0\d\d rows \(\d+ %\)\n){2,9}Restore: ended after /,
  );
});

(hasTerminal() ? it : it.skip)('a backup shows a bar on a terminal, and leaves it as it was', async () => {
  const file = join(await temporaryDirectory(), 'backup.gz');
  const environment = { DATABASE_URL: service.database.url };
  const { code, output } = await runInTerminal(['backup', file], environment, []);
  expect(code).toBe(0);
  expect(existsSync(file)).toBe(true);
  expect(output).toMatch(/Backup \[-{30}\] 0 % \| 0 of 3,0\d\d rows/);
  expect(output).toMatch(/Backup \[={30}\] 100 % \| (3,0\d\d) of \1 rows/);
  expect(output).toMatch(/ is written \([^\n]+\)\r\nsame\r\n$/);
});
