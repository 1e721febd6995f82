import { SegmentedControl } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { CopyButton } from '../shell/copy-button.tsx'
import { texts } from '../texts/index.ts'
import styles from './clients.module.css'
import { resticCommands, type Shell, type Vault } from './restic-commands.ts'

/** The commands to start backing up, ready to copy, for the shell of the machine. */
export function StartCommands({ vault }: { vault: Vault }) {
  const [shell, setShell] = useLocalStorage<Shell>({
    key: 'granary.shell',
    defaultValue: 'unix',
    getInitialValueInEffect: false,
  })
  const commands = resticCommands(vault, shell)
  const steps = [
    [texts.clients.step.address, commands.address],
    [texts.clients.step.init, commands.init],
    [texts.clients.step.backup, commands.backup],
  ] as const
  return (
    <section className={styles.commands} aria-label={texts.clients.howToStart}>
      <div className={styles.commandsHead}>
        <h2>{texts.clients.howToStart}</h2>
        <SegmentedControl
          aria-label={texts.clients.howToStart}
          value={shell}
          onChange={(value) => setShell(value as Shell)}
          data={[
            { value: 'unix', label: texts.clients.unix },
            { value: 'windows', label: texts.clients.windows },
          ]}
        />
      </div>
      <p className={styles.note}>{texts.clients.howToStartText}</p>
      <ol className={styles.steps}>
        {steps.map(([label, command]) => (
          <li key={label}>
            <span className={styles.stepLabel}>{label}</span>
            <div className={styles.command}>
              <code>{command}</code>
              <CopyButton value={command} label={`${texts.common.copy}: ${label}`} />
            </div>
          </li>
        ))}
      </ol>
      <p className={styles.note}>{texts.clients.encryptionNote}</p>
    </section>
  )
}
