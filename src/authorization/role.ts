/** What a user is. */
export enum Role {
  Administrator = 0,
  Client = 1,
}
