/** Code of the digital stamp duty. It is no money of the ente, so no file brings it in or out. */
export const STAMP_DUTY = 'MARCA_BOLLO_DIGITALE'
