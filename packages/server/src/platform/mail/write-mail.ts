import { defaultAccent, type Language } from '@granary/contract'

/** A mail as it is read: the same words as plain text and as HTML. */
export interface MailContent {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** What a mail says, as text. */
export interface MailText {
  readonly language: Language
  readonly subject: string
  readonly paragraphs: readonly string[]
  readonly rows?: readonly (readonly [name: string, value: string])[]
  readonly button?: { readonly label: string; readonly url: string }
  readonly footer?: string
  /** Where its reader can have no more of these */
  readonly unsubscribe?: { readonly label: string; readonly url: string }
  /** Whose mail it is, above everything else */
  readonly head?: string
  /** `#rrggbb`, dark enough for white text on it */
  readonly accent?: string
}

/** Writes a mail of paragraphs, with one thing to do at most. Everything given is text and stays text. */
export function writeMail(mail: MailText): MailContent {
  const { language, paragraphs, rows = [], button, footer, unsubscribe, head } = mail
  const text = [
    ...paragraphs,
    ...(rows.length > 0 ? [rows.map(([name, value]) => `${name}: ${value}`).join('\n')] : []),
    ...(button ? [`${button.label}:\n${button.url}`] : []),
    ...(footer ? [`-- \n${footer}`] : []),
    ...(unsubscribe ? [`${unsubscribe.label}:\n${unsubscribe.url}`] : []),
  ].join('\n\n')
  const accent = mail.accent ?? defaultAccent
  const html = [
    `<!doctype html><html lang="${language}"><body style="margin:0;padding:24px;background:#f5f5f4">`,
    '<div style="max-width:560px;margin:0 auto;padding:24px;background:#fff;border:1px solid #e2e2e0;border-radius:8px;font:15px/1.5 system-ui,sans-serif;color:#1c1c1a">',
    head
      ? `<p style="margin:0 0 18px;font-weight:600;color:${escapeHtml(accent)}">${escapeHtml(head)}</p>`
      : '',
    ...paragraphs.map((paragraph) => `<p style="margin:0 0 14px">${escapeHtml(paragraph)}</p>`),
    rows.length > 0
      ? `<table style="margin:0 0 14px;border-spacing:0">${rows.map(row).join('')}</table>`
      : '',
    button
      ? `<p style="margin:20px 0"><a href="${escapeHtml(button.url)}" style="display:inline-block;padding:9px 16px;border-radius:6px;background:${escapeHtml(accent)};color:#fff;text-decoration:none">${escapeHtml(button.label)}</a></p>`
      : '',
    footer ? `<p style="margin:20px 0 0;font-size:13px;color:#6b6b68">${escapeHtml(footer)}</p>` : '',
    unsubscribe
      ? `<p style="margin:8px 0 0;font-size:13px"><a href="${escapeHtml(unsubscribe.url)}" style="color:#6b6b68">${escapeHtml(unsubscribe.label)}</a></p>`
      : '',
    '</div></body></html>',
  ].join('')
  return { subject: oneLine(mail.subject), text: `${text}\n`, html }
}

function row([name, value]: readonly [string, string]): string {
  return `<tr><td style="padding:2px 16px 2px 0;color:#6b6b68">${escapeHtml(name)}</td><td style="padding:2px 0">${escapeHtml(value)}</td></tr>`
}

/** A subject is one line, whatever names stand in it. */
function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim()
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter).replaceAll('\n', '<br>')
}
