import { countCharacters } from '../text/characters.js';
import { isPublicUrl } from './public-url.js';
import {
  LEAST_PASSWORD_LENGTH,
  type Setting,
  type SettingName,
  type Settings,
  SETTINGS_SCHEMA,
  SHORTEST_SECRET,
} from './settings.js';
import { SettingsProblems } from './settings-problems.js';
import { type Sources, sourcesOfProcess, textOf, type Variables } from './sources.js';
import { hasControlCharacter, isOneCharacter, NO_CONTROL_CHARACTERS } from './weak-secrets.js';

/** The settings while they are read. */
export interface Reading {
  /** Each setting as it was sent; its default where it is unset or not valid. */
  readonly settings: Settings;
  /** Whether a setting has a value of its own, valid or not. */
  readonly isSet: (name: SettingName) => boolean;
  /** Whether a setting is valid so far, or unset: only then other settings may be held against it. */
  readonly isValid: (name: SettingName) => boolean;
  /** Refuses a setting, and says what it accepts: `JWT_SECRET is not valid: it …`. */
  readonly refuse: (name: SettingName, reason: string) => void;
  /** Adds a line to the warnings. */
  readonly warn: (line: string) => void;
  /** Runs a check that throws a SettingsError, and refuses the setting with it. */
  readonly attempt: (name: SettingName, check: () => void) => void;
}

/** Returns settings with other defaults for those that are not set, and refuses those that do not go together. */
export type CompleteSettings = (reading: Reading) => Settings;

/**
 * Reads the settings, once, at the start: from the environment of the process and the file `.env`, or from `environment`
 * alone. An empty variable counts as unset, so that a compose file may pass one through without a value.
 *
 * @param complete see src/compatibility/service-settings.ts, which the service and its commands use
 * @throws {SettingsError} with a line for each variable that is not valid
 */
export function readSettings(environment?: Variables, complete: CompleteSettings = strictly): Settings {
  const problems = new SettingsProblems();
  const sources = environment === undefined ? sourcesOfProcess(problems) : [environment];
  const reading = readEach(sources, problems);
  const settings = complete(reading);
  refuseAdministratorPassword(reading);
  refuseSharedAddress(reading);
  refuseAudienceOfOriginals(reading);
  warnOfIssuer(reading);
  problems.throwIfRefused();
  return { ...settings, warnings: problems.warnings };
}

function readEach(sources: Sources, problems: SettingsProblems): Reading {
  const set = new Set<string>();
  const values = Object.entries<Setting<unknown>>(SETTINGS_SCHEMA).map(([name, declared]) => {
    const { variable, parse, default: byDefault, accepts } = declared;
    const text = textOf(variable, sources, problems);
    if (text === undefined) return [name, byDefault];
    set.add(name);
    const result = parse.safeParse(text);
    if (!result.success) problems.refuse(variable, `${variable} is not valid: it accepts ${accepts}`);
    return [name, result.success ? result.data : byDefault];
  });
  const variableOf = (name: SettingName) => SETTINGS_SCHEMA[name].variable;
  return {
    settings: Object.fromEntries(values) as Settings,
    isSet: (name) => set.has(name),
    isValid: (name) => !problems.isRefused(variableOf(name)),
    refuse: (name, reason) => {
      problems.refuse(variableOf(name), `${variableOf(name)} is not valid: ${reason}`);
    },
    warn: (line) => {
      problems.warn(line);
    },
    attempt: (name, check) => {
      problems.attempt(variableOf(name), check);
    },
  };
}

/** Without a compatible mode: no other defaults, and the rules of {@link refuseWeakSecret}. */
const strictly: CompleteSettings = (reading) => {
  refuseWeakSecret(reading);
  return reading.settings;
};

/** The rules of `JWT_SECRET` where the secret itself is the key. */
export function refuseWeakSecret({ settings: { jwtSecret }, refuse }: Reading): void {
  if (jwtSecret === undefined) return;
  if (jwtSecret.length < SHORTEST_SECRET)
    refuse('jwtSecret', `it accepts ${SETTINGS_SCHEMA.jwtSecret.accepts}`);
  if (hasControlCharacter(jwtSecret)) refuse('jwtSecret', `it accepts ${NO_CONTROL_CHARACTERS}`);
  if (isOneCharacter(jwtSecret)) refuse('jwtSecret', 'it accepts no secret that is one character, repeated');
}

function refuseAdministratorPassword({ settings, isValid, refuse }: Reading): void {
  const { administratorPassword, passwordMinLength } = settings;
  if (administratorPassword === undefined) return;
  const length = countCharacters(administratorPassword);
  const least = isValid('passwordMinLength') ? passwordMinLength : LEAST_PASSWORD_LENGTH;
  if (length < least || length > 128)
    refuse('administratorPassword', `it accepts from ${least} to 128 characters`);
  if (hasControlCharacter(administratorPassword))
    refuse('administratorPassword', `it accepts ${NO_CONTROL_CHARACTERS}`);
}

/** Tokens of the original have no `aud`: a setting that requires it and one that accepts them contradict each other. */
function refuseAudienceOfOriginals({ settings, isSet, isValid, refuse }: Reading): void {
  if (settings.jwtAudience === undefined) return;
  if (isSet('acceptOriginalTokensUntil') && isValid('acceptOriginalTokensUntil'))
    refuse(
      'jwtAudience',
      'tokens of a DeviceHive have no audience, so only one of JWT_AUDIENCE and ACCEPT_ORIGINAL_TOKENS_UNTIL may be set',
    );
}

/** RFC 8414 §2 allows no query and no fragment. Tokens are the same, so the start is not refused. */
function warnOfIssuer({ settings: { jwtIssuer }, warn }: Reading): void {
  if (/^https?:/i.test(jwtIssuer) && !isPublicUrl(jwtIssuer))
    warn('JWT_ISSUER is a URL with a user, a query or a fragment, or is not valid: discovery is off');
}

/** Addresses that stand for all that a machine has. */
const ALL_ADDRESSES = ['0.0.0.0', '::'];
/** `localhost`, and what it may stand for. */
const LOCALHOST = ['localhost', '127.0.0.1', '::1'];

/** Two servers cannot listen on one address: the one that comes second would be told that another program does. */
function refuseSharedAddress({ settings: { host, port, metrics }, refuse }: Reading): void {
  if (typeof metrics === 'string' || metrics.port !== port || port === 0) return;
  const hosts = [host, metrics.host];
  const isShared =
    host === metrics.host ||
    hosts.some((name) => ALL_ADDRESSES.includes(name)) ||
    (hosts.includes('localhost') && hosts.every((name) => LOCALHOST.includes(name)));
  if (isShared)
    refuse(
      'metrics',
      'it accepts another address than that of the service; METRICS=on serves them on its port',
    );
}
