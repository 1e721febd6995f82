import { inUnits, type Language, type MessageFormats } from '@granary/contract'

/** How sizes, numbers and times stand in sentences of the server. Times are in UTC, wherever their reader is. */
export function formatsIn(language: Language): MessageFormats {
  const decimal = (amount: number, digits: number) =>
    new Intl.NumberFormat(language, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      useGrouping: false,
    }).format(amount)
  return {
    bytes: (bytes) => {
      const { amount, decimals, unit } = inUnits(bytes, 'decimal')
      return `${decimal(amount, decimals)} ${unit}`
    },
    count: (amount) => new Intl.NumberFormat(language).format(amount),
    time: times[language],
  }
}

const times: Readonly<Record<Language, (at: number) => string>> = {
  en: (at) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  de: (at) =>
    `${new Intl.DateTimeFormat('de', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(at)} UTC`,
}
