const period = { daily: 'in the last day', weekly: 'in the last seven days' }

/** What the server says in mails. Texts that count or name something are functions, as in the console. */
export const en = {
  mail: {
    hello: (name: string) => `Hello ${name},`,
    unsubscribe: 'Mail me no more of these',
    test: (product: string) => ({
      subject: `${product} can send mail`,
      text: 'This is the test mail that was asked for under Settings → Mail. Mail works.',
    }),
  },
  invitation: {
    subject: (place: string) => `Your access to the backups of ${place}`,
    text: (inviter: string, place: string) =>
      `${inviter} invites you to look after the backups of ${place}. Choose a password to sign in; the link works once, within seven days.`,
    button: 'Choose a password',
    footer: 'If you did not expect this, ignore it: without a password nobody gets in.',
  },
  passwordLink: {
    subject: 'Choose a new password',
    text: 'somebody, probably you, asked for a new password. The link works once, within an hour.',
    button: 'Choose a new password',
    footer: 'If it was not you, ignore this: your password stays as it is.',
  },
  alerts: {
    /** Of the server itself, where it has no name */
    server: 'Server',
    location: (name: string) => `Storage location ${name}`,
    subject: (title: string, name: string, others: number) =>
      `${title}: ${name}${others > 0 ? ` and ${others} more` : ''}`,
    resolved: (subject: string) => `Resolved: ${subject}`,
    over: 'No longer the matter:',
    more: (others: number) => `… and ${others} more.`,
    button: 'Open the alerts',
    footer: (account: string) =>
      `Each of these is told once when it begins, and once when it is over. What is mailed to you you choose under Your account: ${account}`,
    footerOfCopies:
      'Each of these is told once when it begins, and once when it is over. An administrator of the server has this address among those that get all of it.',
  },
  summary: {
    subject: (place: string, backedUp: string, clients: string, every: keyof typeof period) =>
      `Backups of ${place}: ${backedUp} of ${clients} ${period[every]}`,
    text: (place: string) => `How the backups of ${place} stand:`,
    activeClients: 'Active clients',
    backedUp: (every: keyof typeof period) => `Backed up ${period[every]}`,
    usedSpace: 'Used Space',
    openAlerts: 'Open alerts',
    button: 'Open the console',
  },
}
