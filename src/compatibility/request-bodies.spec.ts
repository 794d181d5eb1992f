import { describe, expect, it } from 'vitest';
import { bodyReader } from './request-bodies.js';
import { readServiceSettings } from './service-settings.js';

const settings = readServiceSettings({ COMPATIBILITY: 'devicehive' });

/** Reads a body that was sent to a route, such as `PUT /user/:id`. */
function read(route: string, text: string, query: object = {}): unknown {
  const [method = '', path = ''] = route.split(' ');
  const request = { method, query, routeOptions: { url: settings.apiPrefix + path } };
  return bodyReader(settings)(request, JSON.parse(text) as Record<string, unknown>, text);
}

describe('a body', () => {
  it.each([
    ['null is as if absent, but for data', '{"role":null,"description":null,"data":null}', { data: null }],
    ['an empty password is as if absent', '{"password":"","login":""}', { login: '' }],
    ['an empty expiration is as if absent', '{"expiration":"","label":""}', { label: '' }],
    ['numbers may be texts', '{"role":"1","status":"0","userId":"-2"}', { role: 1, status: 0, userId: -2 }],
    [
      'other texts stay',
      '{"role":"one","status":"","userId":"1e2"}',
      { role: 'one', status: '', userId: '1e2' },
    ],
    [
      'texts may be numbers, as they were sent',
      '{"name":1.50,"value":1e400}',
      { name: '1.50', value: '1e400' },
    ],
    ['texts may be true or false', '{"login":true,"password":false}', { login: 'true', password: 'false' }],
    ['of a name that occurs twice the last counts', '{"name":1,"na\\u006de":2.0}', { name: '2.0' }],
    [
      'nothing inside of a member counts',
      '{"name":1.0,"data":{"name":2}}',
      { name: '1.0', data: { name: 2 } },
    ],
    ['introReviewed is true for "true" alone', '{"introReviewed":"True"}', { introReviewed: false }],
    ['introReviewed may be a text', '{"introReviewed":"true"}', { introReviewed: true }],
    ['introReviewed may be itself', '{"introReviewed":true}', { introReviewed: true }],
    ['values of another kind stay', '{"name":[1],"role":true}', { name: [1], role: true }],
  ])('%s', (_, text, body) => {
    expect(read('POST /user', text)).toEqual(body);
  });

  it.each(['PUT /user/:id', 'PUT /user/current', 'PATCH /user/:id', 'PATCH /user/current'])(
    'of %s has no allDeviceTypesAvailable',
    (route) => {
      expect(read(route, '{"allDeviceTypesAvailable":true,"role":1}')).toEqual({ role: 1 });
    },
  );

  it('of POST /user has allDeviceTypesAvailable', () => {
    expect(read('POST /user', '{"allDeviceTypesAvailable":false}')).toEqual({
      allDeviceTypesAvailable: false,
    });
  });

  it('of a configuration may be in the query; what the body says counts first', () => {
    const route = 'PUT /configuration/:name';
    expect(read(route, '{}', { value: '5' })).toEqual({ value: '5' });
    expect(read(route, '{"name":"x","value":6}', { value: '5' })).toEqual({ name: 'x', value: '6' });
    expect(read(route, '{"value":null}', { value: '5' })).toEqual({ value: '5' });
    expect(read('POST /network', '{}', { value: '5' })).toEqual({});
  });
});
