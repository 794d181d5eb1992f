/** The greatest id that is imported: ids must be safe integers, and there must be room for those that follow. */
export const GREATEST_ID = 2 ** 52;
