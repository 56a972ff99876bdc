/** Where a process of a benchmark listens and what it talks to. */
export interface Places {
  folder: string
  database: string
  /** Address of the server, host and port. */
  temporal: string
  simulatorPort: number
  smtpPort: number
  publicPort: number
  nodePort: number
}

export const SESSION_KEY = 'a session key of the benchmark: 32 characters or more'

/** What every process of ours is told. */
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
  // Browsers come from many addresses: one address alone would meet the limits of abuse.
  TRUSTED_PROXIES: 'loopback',
  SESSION_KEYS: SESSION_KEY,
  DATA_DIR: places.folder,
})
