export { type MailSettings, readMailSettings, sealPassword, writeMailSettings } from './mail-settings.ts'
export { mailJob, mailQueue, queueMail, sendMailAgain } from './queue-mail.ts'
export { type Mail, sendMail } from './send-mail.ts'
export { type MailText, writeMail } from './write-mail.ts'
