import { z } from 'zod'
import { id, name, timestamp } from './fields.ts'
import { language } from './languages.ts'
import { listOf, listQuery, sortBy } from './lists.ts'
import { levels, roleNames } from './roles.ts'
import { password } from './sessions.ts'

/** `invited`: has not chosen a password yet. Only active users can sign in. */
export const userStates = ['invited', 'active', 'deactivated'] as const

const roleName = z.enum(roleNames as [(typeof roleNames)[number], ...(typeof roleNames)[number][]])
const email = z.email().max(254)

export const user = z
  .object({
    id,
    name: z.string(),
    email: z.string(),
    role: roleName,
    place: z.object({ id: id.nullable(), name: z.string() }).describe('The server, a reseller or a customer'),
    state: z.enum(userStates),
    invitationEndsAt: timestamp.nullable().describe('While invited: until when the link in the mail is good'),
    hasSecondFactor: z.boolean().describe('A code from an authenticator, or a passkey'),
    lastSignInAt: timestamp.nullable(),
    createdAt: timestamp,
  })
  .meta({ id: 'User' })
export type User = z.infer<typeof user>

export const invitedUser = z
  .object({
    ...user.shape,
    link: z
      .url()
      .nullable()
      .describe(
        'The one-time link, to hand over by other means, where mail is not set up; null: it was mailed',
      ),
  })
  .meta({ id: 'InvitedUser' })
export type InvitedUser = z.infer<typeof invitedUser>

export const userInput = z.object({
  name,
  email,
  role: roleName,
  place: id
    .nullable()
    .optional()
    .describe('The reseller or customer; one’s own place, or the server, when left out'),
  language: language
    .nullable()
    .default(null)
    .describe(
      'Of the invitation, and of console and mails until they choose another; null: as browser and server',
    ),
})
export type UserInput = z.infer<typeof userInput>

export const userPatch = z.object({
  name: name.optional(),
  role: roleName.optional().describe('Another role at the same level'),
})
export type UserPatch = z.infer<typeof userPatch>

export const userSortColumns = ['name', 'email', 'lastSignInAt', 'createdAt'] as const
export const userListQuery = listQuery.extend({
  level: z.enum(levels).optional(),
  state: z.enum(userStates).optional(),
  place: id.optional().describe('Only users of this reseller or customer'),
  sort: sortBy(userSortColumns, 'name'),
})
export type UserListQuery = z.infer<typeof userListQuery>
export const userList = listOf(user)

export const actAsInput = z.object({
  mode: z.enum(['look', 'act']).describe('Only look around, or do what they may'),
})

const token = z.string().max(200)
export const oneTimeLinkInput = z.object({ token })
/** Who a one-time link is for, so that the page it leads to can greet them. */
export const oneTimeLink = z
  .object({ purpose: z.enum(['invitation', 'password-reset']), name: z.string(), email: z.string() })
  .meta({ id: 'OneTimeLink' })
export const passwordByLinkInput = z.object({ token, password })
export const passwordResetInput = z.object({ email: z.string().max(254) })
