/** Verifies access tokens of Hivegate. */
export {};
