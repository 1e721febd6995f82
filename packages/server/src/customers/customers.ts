export { customerRoutes } from './customer-routes.ts'
export { customers } from './customer-store.ts'
export { ensureDefaults, serverPoolId } from './ensure-defaults.ts'
export { expectCustomer } from './expect-customer.ts'
