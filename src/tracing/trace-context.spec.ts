import { describe, expect, it } from 'vitest';
import { parseTraceParent, parseTraceState } from './trace-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('traceparent', () => {
  it.each([
    ['sampled', `00-${TRACE}-${SPAN}-01`, true],
    ['not sampled', `00-${TRACE}-${SPAN}-00`, false],
    ['with flags of a later version', `00-${TRACE}-${SPAN}-03`, true],
    ['of a later version', `01-${TRACE}-${SPAN}-01`, true],
    ['of a later version, which may have more', `cc-${TRACE}-${SPAN}-01-what-the-future-holds`, true],
  ])('is read: %s', (_, header, isSampled) => {
    expect(parseTraceParent(header)).toEqual({ traceId: TRACE, spanId: SPAN, isSampled });
  });

  it.each([
    ['absent', undefined],
    ['several', [`00-${TRACE}-${SPAN}-01`]],
    ['joined', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
    ['empty', ''],
    ['no trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['no span', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a forbidden version', `ff-${TRACE}-${SPAN}-01`],
    ['more than version 0 has', `00-${TRACE}-${SPAN}-01-more`],
    ['more without a dash', `01-${TRACE}-${SPAN}-01more`],
    ['a short trace', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a long span', `00-${TRACE}-${SPAN}0-01`],
    ['no flags', `00-${TRACE}-${SPAN}`],
    ['other digits', `00-${TRACE.replace('4', 'g')}-${SPAN}-01`],
    ['spaces around', ` 00-${TRACE}-${SPAN}-01`],
    ['a line end', `00-${TRACE}-${SPAN}-01\n`],
    ['too long', `01-${TRACE}-${SPAN}-01-${'x'.repeat(300)}`],
  ])('counts as absent: %s', (_, header) => {
    expect(parseTraceParent(header)).toBeUndefined();
  });
});

describe('tracestate', () => {
  it.each([
    ['rojo=00f067aa0ba902b7', 'rojo=00f067aa0ba902b7'],
    ['a=1 ,\tb=2,, c@d=3', 'a=1,b=2,c@d=3'],
    ['1a-_*/@v=x', '1a-_*/@v=x'],
  ])('%j is read', (header, state) => {
    expect(parseTraceState(header)).toBe(state);
  });

  it.each([
    ['absent', undefined],
    ['empty', ' ,'],
    ['no value', 'a='],
    ['no key', '=1'],
    ['upper case', 'A=1'],
    ['an equals sign in a value', 'a=1=2'],
    ['the same key twice', 'a=1,a=2'],
    ['more than 32', Array.from({ length: 33 }, (_, index) => `a${index}=1`).join(',')],
    ['too long', `a=${'x'.repeat(200)},b=${'x'.repeat(200)},c=${'x'.repeat(200)}`],
    ['other characters', 'a=é'],
  ])('counts as absent: %s', (_, header) => {
    expect(parseTraceState(header)).toBeUndefined();
  });
});
