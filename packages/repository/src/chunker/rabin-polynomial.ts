/** Polynomials over GF(2), one bit a coefficient, as restic's chunker uses them: degree 53. */
export type Polynomial = bigint

const degreeOfChunker = 53

export function degree(polynomial: Polynomial): number {
  // Hexadecimal is several times as quick as binary.
  const digits = polynomial.toString(16)
  const highest = Number.parseInt(digits.charAt(0), 16)
  return digits.length * 4 - 1 - (Math.clz32(highest) - 28)
}

export function remainder(value: Polynomial, modulus: Polynomial): Polynomial {
  const modulusDegree = degree(modulus)
  if (modulusDegree < 0) throw new RangeError('division by the zero polynomial')
  let rest = value
  for (let d = degree(rest); d >= modulusDegree; d = degree(rest))
    rest ^= modulus << BigInt(d - modulusDegree)
  return rest
}

/** The remainders of `factor` × 0 up to `factor` × 255; only eight of them have to be divided, as sums stay sums. */
export function remaindersOfMultiples(factor: Polynomial, modulus: Polynomial): BigUint64Array {
  const remainders = new BigUint64Array(256)
  for (let power = 0; power < 8; power++) {
    const highest = 1 << power
    const ofHighest = remainder(factor << BigInt(power), modulus)
    for (let rest = 0; rest < highest; rest++)
      remainders[highest + rest] = ofHighest ^ (remainders[rest] ?? 0n)
  }
  return remainders
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
