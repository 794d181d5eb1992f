import type { TestService, TestUser } from '../../support/service.js';
import type { GeneratedClient } from '../harness/generated-client.js';

/** What a case has at hand. */
export interface Scene {
  /** The generated client under test; holds every call to the document. */
  readonly client: GeneratedClient;
  /** The service that it calls, to set up what the case is not about. */
  readonly service: TestService;
  /** The access token of the first administrator. */
  readonly admin: string;
  /** Creates a user and signs it in, not by way of the generated client. `fields` differ from an active client's. */
  readonly createUser: (fields?: Record<string, unknown>) => Promise<TestUser>;
}

/** One case of the table: what the users of every generated client do. It names operations, and no language. */
export interface Case {
  readonly name: string;
  readonly run: (scene: Scene) => Promise<void>;
}
