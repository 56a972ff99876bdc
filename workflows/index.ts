export { payCart } from './pay-cart/workflow.ts'
export { sendMail } from './send-mail/workflow.ts'
export { importFlow } from './import-flow/workflow.ts'
export { cancelFlow } from './cancel-flow/workflow.ts'
