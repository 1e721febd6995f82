import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import '@mantine/spotlight/styles.layer.css'
import './theme.css'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { followSignedOut } from './access/sign-out.ts'
import { cache } from './api/cache.ts'
import { signedOutEvent } from './api/call.ts'
import { Branded } from './branding/branded.tsx'
import { router } from './router.tsx'
import { Hints } from './shell/hints.tsx'
import { language, texts } from './texts/index.ts'

document.documentElement.lang = language
window.addEventListener(signedOutEvent, () => followSignedOut(router))

/** Menus, dialogues and messages go into a landmark of their own, where assistive technology finds them. */
const overlays = document.createElement('aside')
overlays.id = 'overlays'
overlays.setAttribute('aria-label', texts.shell.overlays)
document.body.append(overlays)

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root.')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={cache}>
      <Branded>
        <RouterProvider router={router} />
        <Notifications position="bottom-right" limit={4} />
        <Hints />
      </Branded>
    </QueryClientProvider>
  </StrictMode>,
)
