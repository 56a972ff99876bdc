/** Database that `servers.ts` migrates once and that each test file's own is copied from. */
export const TEMPLATE = 'mypay_template'
