import { Action } from '../../authorization/action.js';
import { forbidden, notFound } from '../../errors/api-error.js';
import type { ScopeKind } from '../scope-kind.js';
import { DeviceType, UserDeviceType } from './device-type.entity.js';

/** Device types as a kind of access scope. */
export const DEVICE_TYPE: ScopeKind<DeviceType> = {
  label: 'Device type',
  path: 'devicetype',
  id: 'DeviceType',
  entity: DeviceType,
  assignment: UserDeviceType,
  actions: { read: Action.GetDeviceType, manage: Action.ManageDeviceType },
  eventThing: 'deviceType',
  eventDetail: 'deviceTypeId',
  claim: 'deviceTypes',
  allAvailable: {
    isSetFor: ({ allDeviceTypesAvailable }) => allDeviceTypesAvailable,
    refused: () => forbidden('Cannot assign device type to user with all device types allowed'),
  },
  notAssigned: (id, userId) => notFound(`Device type with id ${id} for user with id ${userId} not found`),
};
