import { installPackages } from './install-packages.js';

/** Makes an empty folder elsewhere and installs the client there, as `npm pack` makes it of the built client. */
export const installClientPackage = (): Promise<string> =>
  installPackages('client', [
    'packages/client',
    'node_modules/openapi-fetch',
    'node_modules/openapi-typescript-helpers',
  ]);
