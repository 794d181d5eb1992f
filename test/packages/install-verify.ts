import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { installPackages } from './install-packages.js';

/**
 * Installs @hivegate/verify in an empty folder elsewhere, as `npm pack` makes it of the built package, with jose. `links`
 * are packages of this repository that the folder has too.
 */
export async function installVerifyPackage(links: readonly string[] = []): Promise<string> {
  const directory = await installPackages('verify', ['packages/verify', 'node_modules/jose']);
  for (const name of links) {
    const path = join(directory, 'node_modules', name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(resolve('node_modules', name), path);
  }
  return directory;
}
