export { type MailSettings, readMailSettings, sealPassword, writeMailSettings } from './mail-settings.ts'
export { mailJob, mailQueue, queueMail, sendMailAgain } from './queue-mail.ts'
export { sendMail } from './send-mail.ts'
export { writeMail } from './write-mail.ts'
