import type { Account } from '@granary/contract'
import { Button } from '@mantine/core'
import { IconDeviceDesktop } from '@tabler/icons-react'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { FieldGroup } from '../forms/form-page.tsx'
import { Moment } from '../shell/moment.tsx'
import { once } from '../shell/once.ts'
import { tell, tellRefusal } from '../shell/tell.tsx'
import tenantStyles from '../tenants/tenants.module.css'
import { texts } from '../texts/index.ts'
import styles from './account.module.css'
import { accountQuery } from './account-queries.ts'
import { browserName } from './browser-name.ts'

/** Where one is signed in. */
export function Sessions({ account }: { account: Account }) {
  const end = async (ending: () => Promise<Account>, said: string) => {
    try {
      cache.setQueryData(accountQuery.queryKey, await ending())
      tell(said)
    } catch (failure) {
      tellRefusal(failure)
    }
  }
  return (
    <FieldGroup title={texts.account.sessions} text={texts.account.sessionsText}>
      <ul className={styles.lines} aria-label={texts.account.sessions}>
        {account.sessions.map((session) => {
          const name = browserName(session.browser) || texts.account.unknownBrowser
          return (
            <li key={session.id}>
              <IconDeviceDesktop size={18} stroke={1.5} aria-hidden />
              <div>
                <div data-hint={session.browser}>{name}</div>
                <div className={styles.detail}>
                  {session.address} · {texts.account.lastUsed} <Moment at={session.lastUsedAt} />
                </div>
              </div>
              {session.isCurrent ? (
                <span className={tenantStyles.tag}>{texts.account.thisSession}</span>
              ) : (
                <Button
                  variant="subtle"
                  color="red"
                  size="compact-xs"
                  aria-label={`${texts.account.endSession}: ${name}`}
                  onClick={once(
                    () =>
                      void end(
                        () => call('endAccountSession', { params: { id: session.id } }),
                        texts.account.sessionEnded,
                      ),
                  )}
                >
                  {texts.account.endSession}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
      {account.sessions.length > 1 && (
        <div>
          <Button
            variant="default"
            onClick={() => void end(() => call('endOtherSessions', {}), texts.account.sessionsEnded)}
          >
            {texts.account.endOthers}
          </Button>
        </div>
      )}
    </FieldGroup>
  )
}
