/** Who did it, in the audit log, when somebody on the server itself did. */
export const commandLineActor = 'command-line'

export function byCommandLine(at: number) {
  return { at, actor: commandLineActor, actorName: '', address: '', resellerId: null, customerId: null }
}
