declare module 'parse-prometheus-text-format' {
  /** @throws nothing: what it can't read it leaves out */
  export default function parsePrometheusTextFormat(text: string): {
    readonly name: string
    readonly help: string
    readonly type: string
    readonly metrics: readonly {
      readonly value: string
      readonly labels?: Readonly<Record<string, string>>
    }[]
  }[]
}
