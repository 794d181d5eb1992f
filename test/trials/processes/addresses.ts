/** The header by which a trusted proxy names the address of its client. */
export const from = (address: string) => ({ 'x-forwarded-for': address });

/** An address that no other index has. */
export const own = (index: number) => from(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
