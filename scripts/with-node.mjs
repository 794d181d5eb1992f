/**
 * Runs a command with another version of Node, in a copy of this checkout that is installed and built with it:
 * `npm run test:node -- 24 npx vitest run --project unit`. The version is an npm range of the package `node`.
 *
 * The copy has a node_modules of its own: which SQLite driver is installed depends on the version of Node.
 * It is removed at the end. The exit code is that of the step that failed, or 0.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const [version, ...command] = process.argv.slice(2);
if (!version || command.length === 0) {
  console.error('Usage: node scripts/with-node.mjs <version of Node> <command>...');
  process.exit(2);
}

const directory = mkdtempSync(join(tmpdir(), 'hivegate-node-'));
// PostgreSQL, which does not run as root, is started from the copy.
chmodSync(directory, 0o755);
const [tools, copy] = [join(directory, 'tools'), join(directory, 'copy')];

process.exitCode = main();
rmSync(directory, { recursive: true, force: true });

function main() {
  mkdirSync(tools);
  // The package `node` fetches the binary of this platform in its install script.
  writeFileSync(join(tools, 'package.json'), JSON.stringify({ private: true, allowScripts: { node: true } }));
  const installed = run(['npm', 'install', '--no-save', `node@${version}`], tools, process.env);
  if (installed !== 0) return installed;

  const env = environmentOf(join(tools, 'node_modules/node/bin'));
  copyCheckout();
  console.log(
    `Node ${execFileSync('node', ['--version'], { env, encoding: 'utf8' }).trim()}: ${command.join(' ')}`,
  );
  for (const step of [['npm', 'ci'], ['npm', 'run', 'build'], command]) {
    const status = run(step, copy, env);
    if (status !== 0) return status;
  }
  return 0;
}

/** Everything in the checkout that git does not ignore, as it is now. */
function copyCheckout() {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  for (const file of listed.split('\0').filter((name) => name !== '' && existsSync(name))) {
    cpSync(file, join(copy, file));
  }
}

/** The environment in which `node` is the one in `bin`, and native packages compile with its headers. */
function environmentOf(bin) {
  const { npm_config_nodedir: _, ...env } = process.env;
  const home = dirname(dirname(realpathSync(join(bin, 'node'))));
  const headers = [home, join(home, 'node_modules', `node-${process.platform}-${process.arch}`)].find(
    (path) => existsSync(join(path, 'include/node/node.h')),
  );
  return {
    ...env,
    PATH: [bin, process.env.PATH].join(delimiter),
    ...(headers && { npm_config_nodedir: headers }),
  };
}

function run([name, ...parameters], cwd, env) {
  return spawnSync(name, parameters, { cwd, env, stdio: 'inherit' }).status ?? 1;
}
