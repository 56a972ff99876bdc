import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Paths of the files of a certificate and its key. */
export interface Certificate {
  cert: string
  key: string
}

export interface Authority extends Certificate {
  /** @param subject as openssl writes it: `/CN=name/O=organisation` */
  issue(subject: string): Certificate
}

const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']

/** A certification authority for one test run. Its certificates are valid for this machine. */
export function anAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'mypay-ca-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  let made = 0
  const make = (subject: string, more: string[]): Certificate => {
    made += 1
    const [cert, key] = [join(folder, `${made}.pem`), join(folder, `${made}.key`)]
    const request = ['req', '-x509', ...EC_KEY, '-subj', subject, '-keyout', key, '-out', cert]
    execFileSync('openssl', [...request, ...more], { stdio: 'pipe' })
    return { cert, key }
  }
  const own = make('/CN=An authority of the tests', [])
  const signed = [
    ['-CA', own.cert, '-CAkey', own.key],
    ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ['-addext', 'basicConstraints=critical,CA:FALSE'],
  ].flat()
  return { ...own, issue: (subject) => make(subject, signed) }
}

/** Certificate and key in the form that node:tls takes. */
export const read = ({ cert, key }: Certificate): { cert: Buffer; key: Buffer } => ({
  cert: readFileSync(cert),
  key: readFileSync(key),
})
