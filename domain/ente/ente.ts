/**
 * How an ente collects; each way switches pages or web services on. `base`: citizens fill its forms. `flows`: it loads files of dues.
 * `ente_software`: its own software calls the web services. An ente may have more than one.
 */
export type Adhesion = 'base' | 'flows' | 'ente_software'

/** What a person may do for an ente. An administrator may use all its due types, an operator those that he was given. */
export type Role = 'operator' | 'admin'
