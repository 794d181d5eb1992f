import { Action } from '../../authorization/action.js';
import { errors } from '../../errors/errors.js';
import type { ScopeKind } from '../scope-kind.js';
import { Network, UserNetwork } from './network.entity.js';

/** What a network is as an access scope. */
export const NETWORK: ScopeKind<Network> = {
  label: 'Network',
  path: 'network',
  id: 'Network',
  entity: Network,
  assignment: UserNetwork,
  actions: { read: Action.GetNetwork, manage: Action.ManageNetwork },
  claim: 'networks',
  reachesAll: () => false,
  notAssigned: errors.networkNotAssigned,
};
