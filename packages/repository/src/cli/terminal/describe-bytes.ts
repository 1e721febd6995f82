const units = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** `1.699 KiB`, as restic shows sizes. */
export function describeBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  let value = bytes
  let unit = -1
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${value.toFixed(3)} ${units[unit]}`
}

/** `1:05` or `2:00:10`. */
export function describeDuration(seconds: number): string {
  const whole = Math.floor(seconds)
  const two = (n: number) => n.toString().padStart(2, '0')
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}
