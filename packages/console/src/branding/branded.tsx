import { filledShade, shadesOf } from '@granary/contract'
import { MantineProvider } from '@mantine/core'
import { type ReactNode, useEffect, useMemo } from 'react'
import { themeOf } from '../theme.ts'
import { initialOf, isPlain, isWide, keepBrand, useBrand } from './brand.ts'

/** Gives everything inside the colours of the brand, and the browser's tab its icon. */
export function Branded({ children }: { readonly children: ReactNode }) {
  const brand = useBrand()
  const theme = useMemo(() => themeOf(brand.accent), [brand.accent])
  const logo = brand.logos.light
  const icon = isPlain(brand)
    ? '/granary.svg'
    : logo && !isWide(logo)
      ? logo.url
      : initialIcon(brand.productName, brand.accent)
  useEffect(() => keepBrand(brand), [brand])
  useEffect(() => {
    document.querySelector('link[rel=icon]')?.setAttribute('href', icon)
  }, [icon])
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      {children}
    </MantineProvider>
  )
}

/** The product's initial on its colour, as an image that needs no file. */
function initialIcon(productName: string, accent: string): string {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 32 32')
  const [square, letter] = ['rect', 'text'].map((name) => document.createElementNS(svg.namespaceURI, name))
  if (!square || !letter) return ''
  const fill = shadesOf(accent)[filledShade.light]
  for (const [name, value] of Object.entries({ width: '32', height: '32', rx: '8', fill })) {
    square.setAttribute(name, value)
  }
  const text = { x: '16', y: '23', fill: '#fff', 'text-anchor': 'middle', 'font-size': '20' }
  for (const [name, value] of Object.entries({
    ...text,
    'font-family': 'sans-serif',
    'font-weight': '600',
  })) {
    letter.setAttribute(name, value)
  }
  letter.textContent = initialOf(productName)
  svg.append(square, letter)
  return `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`
}
