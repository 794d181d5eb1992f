/** Formats a number for an operator: `1,234,567`. */
export const shownNumber = (value: number): string => value.toLocaleString('en-US');
