import type { Command } from 'commander'
import description from '../../../package.json' with { type: 'json' }
import type { WithContext } from '../command-context.ts'

export function addVersionCommand(program: Command, withContext: WithContext): void {
  program
    .command('version')
    .description('say which version this is')
    .action(
      withContext(async ({ terminal }) => {
        const { version } = description
        const { platform, arch, version: node } = process
        terminal.json({ message_type: 'version', version, node_version: node, os: platform, arch })
        terminal.line(`granary-repo ${version} on Node ${node}, ${platform}/${arch}`)
        return 0
      }),
    )
}
