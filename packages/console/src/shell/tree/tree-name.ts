import { useSession } from '../../access/session.ts'
import { texts } from '../../texts/index.ts'

/** What the tree is called: it has no resellers where nobody manages any. */
export function useTreeName(): string {
  return useSession().server.resellerManagement ? texts.shell.tree : texts.shell.treeOfCustomers
}
