/** Polynomials over GF(2), one bit a coefficient, as restic's chunker uses them: degree 53. */
export type Polynomial = bigint

const degreeOfChunker = 53

export function degree(polynomial: Polynomial): number {
  return polynomial === 0n ? -1 : polynomial.toString(2).length - 1
}

export function remainder(value: Polynomial, modulus: Polynomial): Polynomial {
  const modulusDegree = degree(modulus)
  if (modulusDegree < 0) throw new RangeError('division by the zero polynomial')
  let rest = value
  for (let d = degree(rest); d >= modulusDegree; d = degree(rest))
    rest ^= modulus << BigInt(d - modulusDegree)
  return rest
}

function multiplyModulo(a: Polynomial, b: Polynomial, modulus: Polynomial): Polynomial {
  let product = 0n
  for (let rest = b, shifted = a; rest > 0n; rest >>= 1n, shifted <<= 1n) {
    if (rest & 1n) product ^= shifted
  }
  return remainder(product, modulus)
}

function greatestCommonDivisor(a: Polynomial, b: Polynomial): Polynomial {
  let [x, y] = [a, b]
  while (y !== 0n) [x, y] = [y, remainder(x, y)]
  return x
}

/** Ben-Or's test: P is irreducible when gcd(P, x^(2^i) − x) = 1 for every i up to half its degree. */
export function isIrreducible(polynomial: Polynomial): boolean {
  const half = Math.floor(degree(polynomial) / 2)
  let power = 2n
  for (let i = 1; i <= half; i++) {
    power = multiplyModulo(power, power, polynomial)
    if (greatestCommonDivisor(polynomial, power ^ 2n) !== 1n) return false
  }
  return degree(polynomial) > 0
}

/** Draws the polynomial of a new repository: random, of degree 53, irreducible. */
export function drawPolynomial(randomBytes: (length: number) => Uint8Array): Polynomial {
  const mask = (1n << BigInt(degreeOfChunker + 1)) - 1n
  for (;;) {
    const random = BigInt(`0x${randomBytes(8).toHex()}`)
    const candidate = (random & mask) | (1n << BigInt(degreeOfChunker)) | 1n
    if (isIrreducible(candidate)) return candidate
  }
}

/** Whether a polynomial can cut chunks: of degree 53 and irreducible. */
export function isChunkerPolynomial(polynomial: Polynomial): boolean {
  return degree(polynomial) === degreeOfChunker && isIrreducible(polynomial)
}
