import { Action } from '../../authorization/action.js';
import { notFound } from '../../errors/api-error.js';
import type { ScopeKind } from '../scope-kind.js';
import { Network, UserNetwork } from './network.entity.js';

/** Networks as a kind of access scope. */
export const NETWORK: ScopeKind<Network> = {
  label: 'Network',
  path: 'network',
  id: 'Network',
  entity: Network,
  assignment: UserNetwork,
  actions: { read: Action.GetNetwork, manage: Action.ManageNetwork },
  eventThing: 'network',
  eventDetail: 'networkId',
  claim: 'networks',
  notAssigned: (id, userId) => notFound(`Network with id ${id} for user with id ${userId} was not found`),
};
