/**
 * The one accent and its ten shades, from light to dark. Whatever colour a brand brings, text stays readable: contrast
 * depends on luminance alone, and each shade has the luminance that Granary's own has.
 */
export type Shades = readonly [string, string, string, string, string, string, string, string, string, string]

/** Granary's own, chosen by eye; its contrasts are those that every other accent gets. */
const ownShades: Shades = [
  '#e8f6f0',
  '#d0ece0',
  '#a4dbc3',
  '#72c8a4',
  '#45b385',
  '#279c6d',
  '#16875b',
  '#0f7450',
  '#0b5f42',
  '#064a33',
]
/** The shade behind white text on light pages, and the one on dark pages. */
export const filledShade = { light: 7, dark: 6 } as const
export const defaultAccent = ownShades[filledShade.light]

/** WCAG 2, 1.4.3: text. */
const textContrast = 4.5
/** WCAG 2, 1.4.11: what stands against the page. */
const shapeContrast = 3
const white = 1
/** Of the dark page, `#141718` */
const darkPage = 0.0083
/** Kept away from the limits, since shades are rounded to whole steps of eight bits. */
const margin = 0.003

/** The shades of an accent. @param accent `#rrggbb` */
export function shadesOf(accent: string): Shades {
  if (accent === defaultAccent) return ownShades
  const { chroma: ownChroma } = toOklch(defaultAccent)
  const { chroma, hue } = toOklch(accent)
  const shades = ownShades.map((own) => {
    const share = toOklch(own).chroma / ownChroma
    return withLuminance(luminance(own), chroma * Math.min(share, 1), hue)
  })
  shades[filledShade.light] = filledOnLight(accent, shades[0] ?? '#ffffff')
  shades[filledShade.dark] = filledOnDark(accent)
  return shades as unknown as Shades
}

/** The accent itself where text is readable on it and in it, otherwise as little darker as is needed. */
function filledOnLight(accent: string, tint: string): string {
  const most = (luminance(tint) + 0.05) / textContrast - 0.05
  return within(accent, 0, most)
}

/** On dark pages it carries white text, and has to stand out besides. */
function filledOnDark(accent: string): string {
  const least = (darkPage + 0.05) * shapeContrast - 0.05
  const most = (white + 0.05) / textContrast - 0.05
  return within(accent, least, most)
}

function within(accent: string, least: number, most: number): string {
  const own = luminance(accent)
  if (own >= least && own <= most) return accent
  const { chroma, hue } = toOklch(accent)
  return withLuminance(own < least ? least + margin : most - margin, chroma, hue)
}

/** WCAG 2's contrast of two colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: string): number {
  const [red, green, blue] = toLinear(colour)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

type Triple = readonly [number, number, number]

function toLinear(colour: string): Triple {
  const channel = (from: number) => {
    const value = Number.parseInt(colour.slice(from, from + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

function fromLinear(channels: Triple): string {
  const channel = (value: number) => {
    const bounded = Math.min(1, Math.max(0, value))
    const encoded = bounded <= 0.0031308 ? bounded * 12.92 : 1.055 * bounded ** (1 / 2.4) - 0.055
    return Math.round(encoded * 255)
      .toString(16)
      .padStart(2, '0')
  }
  return `#${channels.map(channel).join('')}`
}

/** Chroma and hue as people see them. @see https://bottosson.github.io/posts/oklab/ */
function toOklch(colour: string): { chroma: number; hue: number } {
  const [red, green, blue] = toLinear(colour)
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
  const b = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  return { chroma: Math.hypot(a, b), hue: Math.atan2(b, a) }
}

function fromOklch(lightness: number, chroma: number, hue: number): Triple {
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

const steps = 24

/** The colour of a hue with a luminance, as colourful as asked for or as screens can show. */
function withLuminance(wanted: number, chroma: number, hue: number): string {
  let [least, most] = [0, chroma]
  let best = atLuminance(wanted, 0, hue)
  for (let step = 0; step < steps; step += 1) {
    const tried = step === 0 ? chroma : (least + most) / 2
    const channels = atLuminance(wanted, tried, hue)
    const isShown = channels.every((value) => value >= -0.0005 && value <= 1.0005)
    if (isShown) [least, best] = [tried, channels]
    else most = tried
    if (isShown && step === 0) break
  }
  return fromLinear(best)
}

function atLuminance(wanted: number, chroma: number, hue: number): Triple {
  let [least, most] = [0, 1]
  for (let step = 0; step < steps; step += 1) {
    const tried = (least + most) / 2
    const [red, green, blue] = fromOklch(tried, chroma, hue)
    if (0.2126 * red + 0.7152 * green + 0.0722 * blue < wanted) least = tried
    else most = tried
  }
  return fromOklch((least + most) / 2, chroma, hue)
}
