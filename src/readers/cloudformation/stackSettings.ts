/** Where a template is deployed, and with what. */
import type { Unread } from "../../snapshot/unread";

export interface StackSettings {
  readonly stackName: string;
  readonly accountId: string;
  readonly region: string;
  /** Values of parameters; a list is given as its items. */
  readonly parameters: ReadonlyMap<string, string | readonly string[] | Unread>;
}
