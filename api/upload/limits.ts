/** What an upload may be; each by configuration. Source: docs/field/files.md#limits. */
export interface UploadLimits {
  zipBytes: number
  csvBytes: number
  /** Unpacked to packed. */
  ratio: number
  entries: number
}

export const UPLOAD_LIMITS: UploadLimits = {
  zipBytes: 256 * 1024 ** 2,
  csvBytes: 2 * 1024 ** 3,
  ratio: 100,
  entries: 10,
}
