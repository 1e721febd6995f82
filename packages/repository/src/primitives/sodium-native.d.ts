declare module 'sodium-native' {
  const sodium: {
    /** Writes the 16 bytes of Poly1305 over `input` under the 32 byte one-time `key` to `out`. */
    crypto_onetimeauth(out: Uint8Array, input: Uint8Array, key: Uint8Array): void
  }
  export default sodium
}
