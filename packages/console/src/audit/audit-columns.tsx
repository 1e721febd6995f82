import type { AuditEntry, AuditEvent } from '@granary/contract'
import { Moment } from '../shell/moment.tsx'
import type { Column } from '../table/columns.ts'
import { language, texts } from '../texts/index.ts'
import { Details } from './details.tsx'
import { eventTexts } from './event-texts.ts'

export function auditColumns(): Column<AuditEntry>[] {
  return [
    {
      key: 'at',
      title: texts.audit.at,
      sortBy: 'at',
      width: 150,
      fixed: true,
      cell: (row) => <Moment at={row.at} />,
      csv: [
        { heading: texts.audit.number, value: (row) => row.id },
        { heading: texts.audit.at, value: (row) => new Date(row.at).toISOString() },
      ],
    },
    {
      key: 'event',
      title: texts.audit.event,
      sortBy: 'event',
      width: 210,
      cell: (row) => <span data-hint={row.event}>{eventText(row.event)}</span>,
      csv: [{ heading: texts.audit.event, value: (row) => row.event }],
    },
    {
      key: 'target',
      title: texts.audit.target,
      sortBy: 'target',
      width: '22%',
      cell: (row) => <span dir="auto">{row.target.name}</span>,
      csv: [
        { heading: texts.audit.target, value: (row) => row.target.name },
        { heading: texts.audit.targetId, value: (row) => row.target.id },
      ],
    },
    {
      key: 'actor',
      title: texts.audit.actor,
      sortBy: 'actor',
      width: '20%',
      cell: (row) => <span dir="auto">{nameOf(row)}</span>,
      csv: [
        { heading: texts.audit.actor, value: (row) => row.actor.name },
        { heading: texts.audit.actorId, value: (row) => row.actor.id },
      ],
    },
    {
      key: 'address',
      title: texts.audit.address,
      width: 130,
      cell: (row) => row.address,
      csv: [{ heading: texts.audit.address, value: (row) => row.address }],
    },
    {
      key: 'details',
      title: texts.audit.details,
      cell: (row) => <Details details={row.details} />,
      csv: [{ heading: texts.audit.details, value: (row) => JSON.stringify(row.details) }],
    },
  ]
}

/** @returns the event's own name where it is of a newer server */
function eventText(event: string): string {
  return eventTexts[language].events[event as AuditEvent] ?? event
}

function nameOf({ actor }: AuditEntry): string {
  if (actor.name !== '') return actor.name
  return actor.id === 'command-line' ? texts.audit.commandLine : texts.audit.nobody
}
