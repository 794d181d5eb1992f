import { Entity, PrimaryColumn } from 'typeorm';
import { Assignment } from '../assignment.entity.js';
import { Scope } from '../scope.entity.js';

/** A network: an access scope (contract.md §4). */
@Entity('networks')
export class Network extends Scope {}

/** Assigns a network to a user. */
@Entity('user_networks')
export class UserNetwork extends Assignment {
  @PrimaryColumn('int', { name: 'network_id' })
  scopeId!: number;
}
