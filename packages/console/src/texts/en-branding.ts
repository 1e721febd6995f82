/** Texts about how the server and resellers show themselves. */

export const branding = {
  title: 'Branding',
  titleOf: (name: string) => `Branding of ${name}`,
  edit: 'Information and limits',
  parts: 'Parts of this reseller',
  look: 'Name and look',
  lookText:
    'What people see in the console, on the sign-in page and in mails. What is left empty is inherited.',
  productName: 'Product name',
  accent: 'Accent colour',
  saturation: 'Saturation and brightness',
  hue: 'Hue',
  accentShown: (light: string, dark: string) =>
    `So that text stays readable, it is shown as ${light} on light pages and as ${dark} on dark ones.`,
  logo: 'Logo',
  logoDark: 'Logo on dark pages',
  logoHint:
    'PNG, JPEG or WebP, up to 256 kB. A wide logo stands alone; a square one stands before the name, and in the browser’s tab.',
  logoDarkHint: 'Without one, the same logo is shown on dark pages, too.',
  choose: 'Choose an image',
  replace: 'Replace',
  remove: 'Remove',
  drop: 'or drop it here',
  willBeRemoved: 'Removed when you save.',
  inheritedLogo: 'Inherited',
  noLogo: 'No logo',
  tooLarge: 'At most 256 kB.',
  noImage:
    'Not an image that this browser can show. PNG, JPEG or WebP; SVG can carry scripts and is not taken.',
  address: 'Address',
  addressText: (url: string) =>
    `A host name under which the reseller’s people and machines reach this server. Point it to where ${url} leads, with a certificate for it. Mails and commands to copy then begin with it.`,
  hostName: 'Host name',
  lostHostName: (name: string) =>
    `It was ${name} until this reseller was deleted. Somebody else had it when the reseller came back.`,
  onlyServer: 'Set by administrators of the server, as it claims something outside of it.',
  mail: 'Mail',
  mailText:
    'Mail leaves through the server’s mail server. Unless an address of the reseller’s own is set, it is from the server’s address, under this name.',
  senderName: 'Sender',
  replyTo: 'Answers go to',
  fromAddress: 'From address',
  fromAddressHint:
    'Only once SPF and DKIM of its domain allow the server’s mail server: otherwise mail is lost.',
  preview: 'Preview',
  previewOf: { light: 'Preview in light colours', dark: 'Preview in dark colours' },
  saved: 'The brand is saved.',
}
