import { plainToInstance } from 'class-transformer';
import { describe, expect, it } from 'vitest';
import { CreateTokenDto } from './create-token.dto.js';

describe('the ids of a request for tokens', () => {
  it('may begin with any number of zeros, as the document says', () => {
    const { networkIds } = plainToInstance(CreateTokenDto, {
      userId: 1,
      networkIds: ['007', `${'0'.repeat(40)}7`],
    });
    expect(networkIds).toEqual([7, 7]);
  });
});
