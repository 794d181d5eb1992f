import { Entity, PrimaryColumn } from 'typeorm';
import { Assignment } from '../scopes/assignment.entity.js';
import { Scope } from '../scopes/scope.entity.js';

/** A network: an access scope (contract.md §4). */
@Entity('networks')
export class Network extends Scope {}

/** That a user has a network. */
@Entity('user_networks')
export class UserNetwork extends Assignment {
  @PrimaryColumn('int', { name: 'network_id' })
  scopeId!: number;
}
