/** `2026-11`: the calendar month in the server's time zone, which MCALs are counted by. */
export function calendarMonth(at: number): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}`
}
