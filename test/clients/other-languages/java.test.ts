import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Driver } from '../harness/driver.js';
import { testClient } from '../harness/suite.js';
import { isAtLeast, runQuietTool, runTool, versionOf } from './tools.js';

const SOURCES = 'test/clients/drivers/java';
const BUILD = resolve('test/clients/generated/java');
const CLIENT = join(BUILD, 'client');
const CLASSES = join(BUILD, 'classes');
const LIBRARIES = join(BUILD, 'libraries');
const GENERATOR_VERSION = '7.25.0';

/** What the generator says whatever the document is, and of what it then generates rightly. */
const NOTICES = [
  / INFO /,
  // Of every document of that version.
  /OpenAPI 3\.1 support is still in beta/,
  // Of every example of a body.
  /Ignoring complex example on request body$/,
  // Of the parameter `sessionId`, a UUID.
  /Failed to get the schema name: null$/,
  // Its plea for money.
  /^#+$|^# .* #$/,
];

const JAVA: Driver = {
  name: 'openapi-generator for Java',

  missing: () => {
    const version = versionOf('javac', '-version');
    if (version === undefined) return 'no JDK';
    if (!isAtLeast(version, /(\d+)/, 17)) return `The JDK is older than 17: ${version}`;
    return versionOf('mvn', '-version') === undefined ? 'no Maven' : undefined;
  },

  prepare: async () => {
    for (const directory of [CLIENT, CLASSES]) rmSync(directory, { recursive: true, force: true });
    mkdirSync(CLASSES, { recursive: true });
    await install();
    await generate();
    // `serial` and `deprecation`: of classes that the generator writes from templates, whatever the document.
    await compile(join(CLIENT, 'src/main/java'), '-Xlint:all,-serial,-deprecation');
    await compile(join(SOURCES, 'src'), '-Xlint:all');
    return ['java', ...UTF_8, '-cp', CLASS_PATH, 'Driver'];
  },
};

/** Java would take the encoding of the environment, which in CI may be ASCII. */
const UTF_8 = ['-Dfile.encoding=UTF-8', '-Dstdout.encoding=UTF-8'];
const CLASS_PATH = `${CLASSES}:${LIBRARIES}/*`;
const GENERATOR = join(BUILD, `openapi-generator-cli-${GENERATOR_VERSION}.jar`);

/** Has Maven fetch the generator, and the libraries of pom.xml, unless that has been done. */
async function install(): Promise<void> {
  const wanted = `${GENERATOR_VERSION}\n${readFileSync(join(SOURCES, 'pom.xml'), 'utf8')}`;
  const installed = join(BUILD, 'installed.txt');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return;
  rmSync(LIBRARIES, { recursive: true, force: true });
  const maven = ['mvn', '--quiet', '--batch-mode', '--file', join(SOURCES, 'pom.xml')] as const;
  await runTool([...maven, 'dependency:copy-dependencies', `-DoutputDirectory=${LIBRARIES}`]);
  const artifact = `org.openapitools:openapi-generator-cli:${GENERATOR_VERSION}`;
  await runTool([...maven, 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${BUILD}`]);
  writeFileSync(installed, wanted);
}

async function generate(): Promise<void> {
  const properties = {
    hideGenerationTimestamp: 'true',
    invokerPackage: 'hivegate.client',
    apiPackage: 'hivegate.client.api',
    modelPackage: 'hivegate.client.model',
    // Else an array that is absent is read, and sent, as an empty one.
    containerDefaultToNull: 'true',
  };
  await runQuietTool(
    [
      ...([
        'java',
        '-jar',
        GENERATOR,
        'generate',
        '--generator-name',
        'java',
        '--library',
        'native',
      ] as const),
      ...['--input-spec', resolve('openapi/openapi.json'), '--output', CLIENT],
      // The generator's code for an array or something else does not compile: `List<...>.class`.
      ...['--schema-mappings', 'ScopeIds=Object'],
      '--additional-properties',
      Object.entries(properties)
        .map(([name, value]) => `${name}=${value}`)
        .join(),
    ],
    { notices: NOTICES },
  );
}

async function compile(directory: string, lint: string): Promise<void> {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.java'),
  );
  await runQuietTool(
    [
      'javac',
      '-encoding',
      'UTF-8',
      lint,
      '-Werror',
      '-cp',
      CLASS_PATH,
      '-d',
      CLASSES,
      ...files.map((file) => join(directory, file)),
    ],
    // Said whenever a lint is left out.
    { notices: [/^Note: .* deprecated API\.$/, /^Note: Recompile with -Xlint:deprecation/] },
  );
}

testClient(JAVA);
