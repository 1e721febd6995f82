/** Texts about users and settings. */

const count = new Intl.NumberFormat('en')
const many = (amount: number, one: string, more: string) =>
  `${count.format(amount)} ${amount === 1 ? one : more}`

export const users = {
  title: 'Users',
  titleOf: (name: string) => `Users of ${name}`,
  one: 'User',
  what: 'users',
  amount: (amount: number) => many(amount, 'user', 'users'),
  name: 'Name',
  email: 'Email',
  role: 'Role',
  roleHint:
    'Admin: everything at this place and below. Operator: daily work, no deletion, no money. Read only: looks.',
  place: 'Place',
  lastSignIn: 'Last sign-in',
  states: { invited: 'Invited', active: 'Active', deactivated: 'Deactivated' },
  invite: 'Invite user',
  inviteText: 'They get a mail with a link to choose a password. The link is good for a week, once.',
  sendInvitation: 'Send invitation',
  invitationSent: (email: string) => `An invitation is on its way to ${email}.`,
  resend: 'Send invitation again',
  notInvited: 'They have accepted their invitation.',
  link: 'Link',
  linkTitle: (name: string) => `Hand this link to ${name}`,
  linkText:
    'Mail is not set up, so bring the link another way. It is shown this once, and good for a week, once.',
  edit: 'Edit user',
  editTitle: (name: string) => `Edit ${name}`,
  saved: (name: string) => `${name} is saved.`,
  ownAccount: 'This is your own account: another administrator can change it.',
  activated: (name: string) => `${name} can sign in again.`,
  wasDeactivated: (name: string) => `${name} is signed out everywhere and kept out.`,
  remove: 'Delete user',
  removeTitle: (name: string) => `Delete ${name}?`,
  removeText: 'They are signed out everywhere at once. What they did stays in the audit log.',
  withdraw: 'Withdraw invitation',
  withdrawTitle: (name: string) => `Withdraw the invitation of ${name}?`,
  withdrawText: 'The link in their mail stops working at once.',
  removed: (name: string) => `${name} is gone.`,
  emptyTitle: 'No users here yet',
  emptyText: 'Invite the people who look after these backups.',
}

export const settings = {
  title: 'Settings',
  mail: 'Mail',
  mailServer: 'Mail server',
  mailServerText: 'Invitations, alerts and reports leave through it. Leave the host empty to send no mail.',
  host: 'Host (SMTP)',
  port: 'Port',
  security: 'Encryption',
  securities: {
    starttls: 'STARTTLS (usual on port 587)',
    tls: 'TLS from the start (usual on port 465)',
    none: 'None: only for a relay on this machine',
  },
  user: 'User',
  passwordKept: 'Unchanged',
  sender: 'Sender',
  fromName: 'Name',
  fromAddress: 'Address',
  consoleUrl: 'Address of this console',
  consoleUrlHint: 'Links in mails begin with it.',
  mailSaved: 'Mail settings are saved. Mail that waited is being sent.',
  mailTried: 'Mail that waited is being sent.',
  queueTitle: (waiting: number, failed: number) =>
    failed > 0
      ? `${many(failed, 'mail was', 'mails were')} given up, ${count.format(waiting)} waiting`
      : `${many(waiting, 'mail is', 'mails are')} waiting to be sent`,
  queueError: (reason: string) => `The last attempt failed: ${reason}`,
  sendAgain: 'Send them now',
  test: 'Test',
  testText: 'Sends a mail now, by the settings as they are saved.',
  testTo: 'To',
  testSend: 'Send a test mail',
  testSent: (to: string) => `The mail server took a test mail to ${to}.`,
}
