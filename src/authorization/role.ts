/** The role of a user (contract.md §1). */
export enum Role {
  Administrator = 0,
  Client = 1,
}
