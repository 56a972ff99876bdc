/** Where and with which headers the node brings an RT. */
export const RT_PATH = '/nodo/PaPerNodo'
export const RT_HEADERS = { 'content-type': 'text/xml; charset=utf-8', soapaction: '"paaInviaRT"' } as const
