/** The limits of an uploaded file of dues; the configuration sets each of them. Source: docs/field/files.md#limits. */
export interface UploadLimits {
  zipBytes: number
  /** Bytes of the unpacked file. */
  csvBytes: number
  /** Unpacked bytes divided by packed bytes. */
  ratio: number
  /** Entries of the archive. */
  entries: number
}

export const UPLOAD_LIMITS: UploadLimits = {
  zipBytes: 256 * 1024 ** 2,
  csvBytes: 2 * 1024 ** 3,
  ratio: 100,
  entries: 10,
}
