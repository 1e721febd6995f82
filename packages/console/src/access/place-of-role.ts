import { parseRoleName, type RoleName } from '@granary/contract'

interface RoleForm {
  watch(field: 'role', told: (change: { previousValue: RoleName; value: RoleName }) => void): void
  setFieldValue(field: 'place', value: string): void
}

/** Forgets the place that was chosen in a form once the role is of another level: it is no place at this one. */
export function usePlaceOfRole(form: RoleForm): void {
  form.watch('role', ({ previousValue, value }) => {
    if (parseRoleName(previousValue).level !== parseRoleName(value).level) form.setFieldValue('place', '')
  })
}
