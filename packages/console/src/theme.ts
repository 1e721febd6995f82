import { filledShade, shadesOf } from '@granary/contract'
import { createTheme, type MantineColorsTuple, type MantineThemeOverride } from '@mantine/core'
import { texts } from './texts/index.ts'

/** One neutral scale, a breath cooler than grey. */
const gray: MantineColorsTuple = [
  '#f8f9f9',
  '#f2f4f4',
  '#e8ebeb',
  '#dce0e0',
  '#c5cbcb',
  '#98a1a1',
  '#5f6868',
  '#465050',
  '#2d3535',
  '#1a2020',
]
const dark: MantineColorsTuple = [
  '#e4e8e8',
  '#c6cccc',
  '#a1a9a9',
  '#7d8686',
  '#343b3c',
  '#2a3031',
  '#1d2122',
  '#141718',
  '#0f1112',
  '#0a0c0c',
]

const red: MantineColorsTuple = [
  '#fdeeec',
  '#fbdcd9',
  '#f5b5af',
  '#f09891',
  '#f0796f',
  '#e0635a',
  '#c9423a',
  '#c0332b',
  '#a32a23',
  '#7d211c',
]

/** The console's looks around the one accent. @param accent `#rrggbb` */
export function themeOf(accent: string): MantineThemeOverride {
  return { ...looks, colors: { ...looks.colors, accent: [...shadesOf(accent)] } }
}

const closeButtonProps = { 'aria-label': texts.common.close }

/** One press of Escape does one thing: what it opens over a dialog is not closed by that same press. */
const __handledEscapeEvents = new WeakSet<KeyboardEvent>()

const looks = createTheme({
  primaryColor: 'accent',
  colors: { gray, dark, red },
  primaryShade: filledShade,
  black: '#1a2020',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, Cantarell, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, "Cascadia Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: '0.8125rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.125rem', lineHeight: '1.5' },
      h2: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // See main.tsx.
    Portal: { defaultProps: { target: '#overlays' } },
    Button: { defaultProps: { size: 'xs' }, styles: { root: { fontWeight: 500 } } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    NativeSelect: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Radio: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    ColorPicker: {
      defaultProps: { saturationLabel: texts.branding.saturation, hueLabel: texts.branding.hue },
    },
    Menu: {
      // Mantine would put an element that can be focused into the menu and is none of its items.
      defaultProps: {
        shadow: 'md',
        transitionProps: { duration: 80 },
        withInitialFocusPlaceholder: false,
      },
    },
    Popover: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } },
    Drawer: { defaultProps: { closeButtonProps, __handledEscapeEvents } },
    Notification: { defaultProps: { closeButtonProps } },
    Modal: {
      styles: { title: { fontSize: '0.9375rem', fontWeight: 600 } },
      defaultProps: {
        transitionProps: { duration: 100 },
        overlayProps: { backgroundOpacity: 0.4 },
        closeButtonProps,
        __handledEscapeEvents,
      },
    },
  },
})
