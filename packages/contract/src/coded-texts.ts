/** What the API says by code, in English: a sentence for each code, made with what differs from case to case. */
type EnglishTexts = Readonly<Record<string, (parameters: never) => string>>

/** Another language's sentences for the same codes. */
export type TextsLike<English extends EnglishTexts> = {
  readonly [Code in keyof English]: (parameters: Parameters<English[Code]>[0]) => string
}

/** A code, with the parameters that its sentence takes. */
export type CodeWithParameters<English extends EnglishTexts> = {
  [Code in keyof English]: Parameters<English[Code]> extends [infer Of]
    ? { readonly code: Code } & Of
    : { readonly code: Code }
}[keyof English]
