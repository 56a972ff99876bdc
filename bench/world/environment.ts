/** Ports that the processes of a benchmark listen on, and addresses that they connect to. */
export interface Places {
  folder: string
  database: string
  /** Host and port of the server. */
  temporal: string
  simulatorPort: number
  smtpPort: number
  publicPort: number
  nodePort: number
}

export const SESSION_KEY = 'a session key of the benchmark: 32 characters or more'

/** Environment variables of all our processes. */
export const environment = (places: Places): Record<string, string> => ({
  NODE_ENV: 'test',
  LOG_LEVEL: 'info',
  DATABASE_URL: places.database,
  TEMPORAL_ADDRESS: places.temporal,
  NODO_URL: `http://127.0.0.1:${places.simulatorPort}/nodo/NodoPerPa`,
  NODO_PAGE_HOSTS: `127.0.0.1:${places.simulatorPort}`,
  NODO_BROKER: '99999900014',
  NODO_STATION: '99999900014_01',
  NODO_PASSWORD: 'password1',
  SMTP_URL: `smtp://127.0.0.1:${places.smtpPort}`,
  PORT: String(places.publicPort),
  NODO_PORT: String(places.nodePort),
  PUBLIC_URL: `http://127.0.0.1:${places.publicPort}`,
  // Browsers send an address of their own as a proxy would, because one address alone would reach the rate limits.
  TRUSTED_PROXIES: 'loopback',
  SESSION_KEYS: SESSION_KEY,
  DATA_DIR: places.folder,
})
