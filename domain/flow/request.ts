/** Requests of an operator for a file under way. Cancelling is another process. */
export type FlowRequest = 'pause' | 'resume'
