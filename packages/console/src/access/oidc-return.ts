const key = 'granary.return'

/** Where to go once the identity provider has led back, kept in this tab. */
export function rememberReturn(from: string | undefined): void {
  sessionStorage.setItem(key, from ?? '/')
}

export function takeReturn(): string {
  const from = sessionStorage.getItem(key) ?? '/'
  sessionStorage.removeItem(key)
  return from
}
