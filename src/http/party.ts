import type { FastifyRequest } from 'fastify';
import { clientAddressOf } from './client-address.js';
import { sourceNetworkOf } from './source-network.js';

/** Returns who has sent a request, as those who wait in turns: the user of a token that has been checked, or the source. */
export const partyOf = (request: FastifyRequest & { readonly user?: { readonly userId: number } }): string =>
  request.user ? `user/${request.user.userId}` : sourceNetworkOf(clientAddressOf(request));
