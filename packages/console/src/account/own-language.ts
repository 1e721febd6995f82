import type { Language, Session } from '@granary/contract'
import { call } from '../api/call.ts'
import { tellRefusal } from '../shell/tell.tsx'
import { chosenLanguage, keepLanguage } from '../texts/chosen-language.ts'
import { language } from '../texts/index.ts'

/**
 * Who is signed in reads the console in the language of their account, in whichever browser; signed out, the browser
 * goes on in it. Begins anew where that is another one than the texts were loaded in.
 * @returns whether the page is being loaded anew
 */
export function followLanguage(session: Session): boolean {
  if (session.language === null) return false
  keepLanguage(session.language)
  // Not where the browser keeps nothing: it would begin anew for ever.
  if (session.language === language || chosenLanguage() !== session.language) return false
  window.location.reload()
  return true
}

/**
 * Keeps the choice with the account, so that mails follow it, and begins anew in it. Somebody who only looks as another
 * user changes nothing of theirs: then it is this browser's alone.
 * @param chosen null: mails as the server's settings say, the console as the browser wishes
 */
export async function chooseLanguage(chosen: Language | null, session: Session): Promise<void> {
  try {
    if (session.behind === null) await call('editAccount', { body: { language: chosen } })
  } catch (failure) {
    tellRefusal(failure)
    return
  }
  readIn(chosen)
}

/** Goes on in a language that the account has already. */
export function readIn(chosen: Language | null): void {
  keepLanguage(chosen)
  window.location.reload()
}
