import { Entity, PrimaryColumn } from 'typeorm';
import { Assignment } from '../assignment.entity.js';
import { Scope } from '../scope.entity.js';

/** A device type: an access scope (contract.md §4). */
@Entity('device_types')
export class DeviceType extends Scope {}

/** Assigns a device type to a user. */
@Entity('user_device_types')
export class UserDeviceType extends Assignment {
  @PrimaryColumn('int', { name: 'device_type_id' })
  scopeId!: number;
}
