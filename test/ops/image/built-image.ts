import { execFile, execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { type Dockerfile, environmentOf, readDockerfile, type Stage, valuesOf } from '../dockerfile.js';

/** The folders of the image that instructions of the last stage name. */
const FOLDERS = /(?<![\w./-])\/(?=(?:app|data|usr\/local\/bin)\b)/g;

/** Whether this process may start others as another user. */
export const isRoot = process.getuid?.() === 0;

/**
 * What the Dockerfile builds, in a folder instead of an image: its COPY and RUN instructions are carried out with the
 * version of Node that it names. The stage `build` is left out: `npm run build` has done the same in the checkout.
 */
export class BuiltImage {
  private constructor(
    private readonly directory: string,
    private readonly dockerfile: Dockerfile,
    /** The folder with the `node` of the image. */
    private readonly bin: string,
  ) {}

  static build(): BuiltImage {
    const directory = mkdtempSync(join(tmpdir(), 'hivegate-image-'));
    // Another user has to get at it.
    chmodSync(directory, 0o755);
    const dockerfile = readDockerfile();
    const image = new BuiltImage(
      directory,
      dockerfile,
      binOf(dockerfile.nodeImage, join(directory, 'tools')),
    );
    for (const stage of dockerfile.stages) if (stage.name !== 'build') image.carryOut(stage);
    return image;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The path that a folder of the image has here. */
  path(inImage: string): string {
    return join(this.rootOf(this.last), inImage);
  }

  /** What the image sets, and what an operator adds. */
  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    const set = Object.entries(environmentOf(this.last)).map(([name, value]) => [name, this.place(value)]);
    return { PATH: this.searchPath, ...Object.fromEntries(set), ...more };
  }

  /** The user that the image runs as; undefined: this process cannot start another's. */
  get user(): { uid: number; gid: number } | undefined {
    const [uid, gid] = (valuesOf(this.last, 'USER').at(-1) ?? '').split(':').map(Number);
    return isRoot ? { uid: uid ?? 0, gid: gid ?? 0 } : undefined;
  }

  /** Starts what `CMD` names, as the user of the image. */
  start(more: Readonly<Record<string, string>>) {
    const [command = '', ...parameters] = JSON.parse(valuesOf(this.last, 'CMD').at(-1) ?? '[]') as string[];
    return spawn(
      command,
      parameters.map((parameter) => this.place(parameter)),
      this.options(more),
    );
  }

  /** Runs a program in the image as its user. @throws when it fails */
  async execute(
    command: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): Promise<{ stdout: string; stderr: string }> {
    const [file = '', ...parameters] = command;
    return promisify(execFile)(file, parameters, this.options(more));
  }

  /** Runs what `HEALTHCHECK` names, with the variables that the service has. @throws if the service is not healthy */
  async checkHealth(more: Readonly<Record<string, string>>): Promise<void> {
    const [, command = '[]'] = /CMD (\[.*\])$/.exec(valuesOf(this.last, 'HEALTHCHECK').at(-1) ?? '') ?? [];
    await this.execute(
      (JSON.parse(command) as string[]).map((word) => this.place(word)),
      more,
    );
  }

  private options(more: Readonly<Record<string, string>>) {
    return {
      cwd: this.path(valuesOf(this.last, 'WORKDIR')[0] ?? ''),
      env: this.environment(more),
      ...this.user,
    };
  }

  private get last(): Stage {
    return this.dockerfile.stages.at(-1) ?? this.dockerfile.stages[0];
  }

  private get searchPath(): string {
    return [this.bin, process.env['PATH']].join(delimiter);
  }

  private rootOf(stage: Stage): string {
    return join(this.directory, `stage-${this.dockerfile.stages.indexOf(stage)}`);
  }

  private place(text: string): string {
    return text.replaceAll(FOLDERS, `${this.rootOf(this.last)}/`);
  }

  private carryOut(stage: Stage): void {
    const root = this.rootOf(stage);
    const folder = join(root, valuesOf(stage, 'WORKDIR')[0] ?? '');
    for (const created of [folder, join(root, 'usr/local/bin')]) mkdirSync(created, { recursive: true });
    for (const { name, value } of stage.instructions) {
      if (name === 'COPY') this.copy(value, folder);
      if (name === 'RUN') this.run(stage, value, folder);
    }
  }

  private copy(value: string, folder: string): void {
    const [, from, paths = ''] = /^(?:--from=(\S+) )?(.*)$/.exec(value) ?? [];
    const words = paths.split(/ +/);
    const target = words.pop() ?? '';
    for (const path of words) {
      const place = join(folder, target, target.endsWith('/') ? basename(path) : '');
      if (from === 'build') copyBuild(path, place);
      else if (from === undefined) cpSync(path, place, { recursive: true });
      // Moved, since nothing else needs it: a copy takes seconds.
      else renameSync(join(this.rootOf(this.stageOf(from)), path), place);
    }
  }

  private stageOf(named: string): Stage {
    return this.dockerfile.stages.find(({ name }) => name === named) ?? this.last;
  }

  private run(stage: Stage, command: string, folder: string): void {
    // Only root may give a folder to another user.
    const allowed = isRoot ? command : command.replace(/chown \S+/, 'true');
    execFileSync('sh', ['-c', stage === this.last ? this.place(allowed) : allowed], {
      cwd: folder,
      env: { PATH: this.searchPath, HOME: process.env['HOME'] ?? '' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
}

/** Copies `/app/dist` from the checkout, without the bundle that tests start. */
function copyBuild(path: string, place: string): void {
  cpSync(relative('/app', path), place, { recursive: true, filter: (file) => !/dist[/\\]packed/.test(file) });
}

/** The folder of a `node` of the version that the tag of an image names. Installed in `folder` unless it runs already. */
function binOf(image: string, folder: string): string {
  const [, major = ''] = /^node:(\d+)-slim(?:@|$)/.exec(image) ?? [];
  if (process.version.startsWith(`v${major}.`)) return dirname(process.execPath);
  mkdirSync(folder);
  // The package `node` fetches the binary of this platform in its install script.
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, allowScripts: { node: true } }),
  );
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', `node@${major}`], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return join(folder, 'node_modules/node/bin');
}
