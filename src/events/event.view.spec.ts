import { describe, expect, it } from 'vitest';
import { storedDataOf } from './event.js';
import { sourceOf, toEventView } from './event.view.js';

describe('sourceOf', () => {
  it.each([
    ['hivegate', 'hivegate'],
    ['https://id.example.com/a?b=c', 'https://id.example.com/a?b=c'],
    ['https://id.example.com/ä b/%20', 'https://id.example.com/%C3%A4%20b/%20'],
    ['urn:example:hivegate', 'urn:example:hivegate'],
    ['the gate: 1/2 #3', 'the%20gate%3A%201%2F2%20%233'],
    ['1:2', '1%3A2'],
    ['100%', '100%25'],
  ])('makes a URI reference of %j', (issuer, source) => {
    expect(sourceOf(issuer)).toBe(source);
  });
});

describe('toEventView', () => {
  const view = (event: Parameters<typeof storedDataOf>[0]) =>
    toEventView(
      {
        id: 5,
        at: new Date(0),
        type: event.type,
        subject: event.subject,
        actorId: event.actor.userId,
        data: JSON.stringify(storedDataOf(event)),
      },
      'hivegate',
    );

  it('has the same members for every event, and null for what is not known', () => {
    expect(view({ type: 'key.created', subject: 'key/k', actor: { userId: null } })).toEqual({
      specversion: '1.0',
      id: '5',
      source: 'hivegate',
      type: 'hivegate.key.created',
      subject: 'key/k',
      time: '1970-01-01T00:00:00.000Z',
      datacontenttype: 'application/json',
      data: { actor: null, session: null, address: null, requestId: null },
    });
  });

  it('has who, from where and what', () => {
    const origin = { address: '203.0.113.7', requestId: 'r', userAgent: 'not shown' };
    const event = {
      type: 'user.lockedOut',
      subject: 'user/7',
      actor: { userId: 1, sessionId: 's', origin, command: 'c' },
      fields: ['role'],
      changes: { role: { old: 1, new: 0 } },
      until: new Date(1),
      networkId: 2,
    } as const;
    expect(view(event).data).toEqual({
      actor: 1,
      session: 's',
      address: '203.0.113.7',
      requestId: 'r',
      command: 'c',
      fields: ['role'],
      changes: { role: { old: 1, new: 0 } },
      until: '1970-01-01T00:00:00.001Z',
      networkId: 2,
    });
  });
});
