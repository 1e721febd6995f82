import type { Texts } from './texts.ts'

const period = { daily: 'am letzten Tag', weekly: 'in den letzten sieben Tagen' }

export const de: Texts = {
  mail: {
    hello: (name) => `Guten Tag ${name},`,
    unsubscribe: 'Keine dieser Mails mehr',
    test: (product) => ({
      subject: `${product} kann Mails versenden`,
      text: 'Das ist die Testmail, die unter Einstellungen → Mail verlangt wurde. Mail funktioniert.',
    }),
  },
  invitation: {
    subject: (place) => `Ihr Zugang zu den Backups von ${place}`,
    text: (inviter, place) =>
      `${inviter} lädt Sie ein, sich um die Backups von ${place} zu kümmern. Wählen Sie ein Passwort, um sich anzumelden; der Link gilt einmal, innerhalb von sieben Tagen.`,
    button: 'Passwort wählen',
    footer: 'Wenn Sie das nicht erwartet haben, lassen Sie es liegen: Ohne Passwort kommt niemand hinein.',
  },
  passwordLink: {
    subject: 'Neues Passwort wählen',
    text: 'jemand, vermutlich Sie, hat ein neues Passwort verlangt. Der Link gilt einmal, innerhalb einer Stunde.',
    button: 'Neues Passwort wählen',
    footer: 'Wenn Sie es nicht waren, lassen Sie es liegen: Ihr Passwort bleibt, wie es ist.',
  },
  alerts: {
    server: 'Server',
    location: (name) => `Speicherort ${name}`,
    subject: (title, name, others) => `${title}: ${name}${others > 0 ? ` und ${others} weitere` : ''}`,
    resolved: (subject) => `Erledigt: ${subject}`,
    over: 'Nicht mehr der Fall:',
    more: (others) => `… und ${others} weitere.`,
    button: 'Warnungen öffnen',
    footer: (account) =>
      `Jede Warnung kommt einmal, wenn sie beginnt, und einmal, wenn sie vorbei ist. Was Sie per Mail bekommen, wählen Sie unter „Ihr Konto“: ${account}`,
    footerOfCopies:
      'Jede Warnung kommt einmal, wenn sie beginnt, und einmal, wenn sie vorbei ist. Ein Administrator des Servers hat diese Adresse unter denen eingetragen, die alle bekommen.',
  },
  summary: {
    subject: (place, backedUp, clients, every) =>
      `Backups von ${place}: ${backedUp} von ${clients} ${period[every]}`,
    text: (place) => `So steht es um die Backups von ${place}:`,
    activeClients: 'Aktive Clients',
    backedUp: (every) => `Gesichert ${period[every]}`,
    usedSpace: 'Belegter Speicher',
    openAlerts: 'Offene Warnungen',
    button: 'Konsole öffnen',
  },
}
