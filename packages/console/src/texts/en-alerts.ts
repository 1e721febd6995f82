/** Texts about what is mailed to whom, and how long logs are kept. */

export const mails = {
  title: 'Alerts and summaries by mail',
  text: 'What reaches you by mail. What you do without still shows in the console.',
  nobody: 'Your role only reads, and is told nothing by mail.',
  summary: 'Summary',
  saved: 'What is mailed to you is saved.',
  notSetUp: 'Mail is not set up',
  notSetUpText:
    'Nobody is told of these alerts by mail. Those that are still open when it is set up are told then.',
  setUp: 'Set up mail',
  unsubscribe: 'Unsubscribe',
  unsubscribeText: (email: string) => `${email} gets no more mail about:`,
  unsubscribed: 'You are unsubscribed',
  chooseAll: 'Choose what is mailed to you',
  deliveries: 'Deliveries',
  deliveriesOf: (name: string) => `Last deliveries to ${name}`,
  events: { 'alert.began': 'Began', 'alert.resolved': 'Resolved', test: 'Test' },
}

export const retention = {
  tab: 'Logs',
  title: 'Retention of logs',
  text: 'How many days are kept. Empty: for ever. What is open, waits or lies in the trash always stays.',
  forEver: 'For ever',
  fields: {
    auditDays: 'Audit log',
    alertDays: 'Alerts that are over',
    deletedReportDays: 'Deleted report',
    waitingDays: 'Waiting room',
    jobDays: 'Mails given up',
    sessionDays: 'Expired sessions',
  },
  hints: {
    auditDays: 'The chain of what stays can still be verified.',
    alertDays: 'After they were resolved.',
    deletedReportDays: 'Lines of which nothing lies in the trash any more.',
    waitingDays: 'Clients that have not knocked since.',
    jobDays: 'And other work that failed too often.',
    sessionDays: 'And links of invitations and passwords.',
  },
  days: ' days',
  saved: 'The retention of logs is saved.',
}
