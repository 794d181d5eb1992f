import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { dialectOf } from '../../compatibility/compatibility.js';
import { readServiceSettings } from '../../compatibility/service-settings.js';
import { PasswordPolicy } from '../../passwords/password-policy.js';
import { type Settings, SettingsError } from '../../settings/settings.js';
import { warningsOf } from '../../settings/weak-secrets.js';
import { type Diagnosis, error, ok, orOk, warning } from './diagnosis.js';

/** Reads the settings, and says what is wrong with them. Without settings, nothing that needs them can be checked. */
export function checkSettings(): { readonly settings?: Settings; readonly diagnoses: readonly Diagnosis[] } {
  try {
    const settings = readServiceSettings();
    return {
      settings,
      diagnoses: [
        ...orOk(
          [...warningsOf(settings), ...administratorPasswordProblem(settings)].map(warning),
          'The settings are valid',
        ),
        ...checkProxies(settings),
      ],
    };
  } catch (problem) {
    if (!(problem instanceof SettingsError)) throw problem;
    return { diagnoses: problem.lines.map(error) };
  }
}

/** What is wrong with `ADMIN_PASSWORD`, by the rules of passwords: that matters only where it is used. */
function administratorPasswordProblem(settings: Settings): readonly string[] {
  const { administratorLogin, administratorPassword } = settings;
  if (administratorPassword === undefined) return [];
  const policy = new PasswordPolicy(settings, dialectOf(settings));
  const problem = policy.problem(administratorPassword, administratorLogin);
  if (problem === undefined) return [];
  return [`ADMIN_PASSWORD is unwise: ${problem}. A start that creates the administrator is refused`];
}

/** Checks whether the address to listen on and the trusted proxies go together. */
export function checkProxies({
  host,
  trustProxy,
}: Pick<Settings, 'host' | 'trustProxy'>): readonly Diagnosis[] {
  const isPublic = !isLoopback(host);
  if (isPublic && trustProxy === false)
    return [
      warning(
        'HOST is reachable from outside and TRUST_PROXY is unset: without a proxy, passwords travel unencrypted; behind one, all clients have its address',
      ),
    ];
  if (isPublic && typeof trustProxy === 'number')
    return [
      warning(
        'HOST is reachable from outside and TRUST_PROXY is a number: clients that reach the port past the proxy can name any address as theirs; name the addresses of the proxies, or block the port',
      ),
    ];
  return [ok(isPublic ? 'TRUST_PROXY names the proxies' : 'HOST is reachable from this machine alone')];
}

/** Whether only this machine reaches a host. Other names than `localhost` are not looked up. */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) === 0 ? host === 'localhost' : ipaddr.process(address).range() === 'loopback';
}
