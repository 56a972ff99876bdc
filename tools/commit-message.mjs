import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Lists of commits cut longer subjects. */
const MOST = 72
const TYPES = ['feat', 'fix', 'refactor', 'perf', 'test', 'bench', 'docs', 'build']
const FORM = new RegExp(`^(${TYPES.join('|')})(\\([a-z][a-z0-9-]*\\))?: \\S`)

/**
 * Returns one sentence for each problem of a commit message; an empty list for a good one.
 * Messages that git writes itself (merges, reverts, fixups) pass, because nobody chose their words.
 */
export function problemsOf(message) {
  const [subject = '', second = ''] = message.split('\n').filter((line) => !line.startsWith('#'))
  if (/^(Merge|Revert|fixup!|squash!) /.test(subject)) return []
  const problems = []
  if (!FORM.test(subject))
    problems.push(`Begin the subject with a type, for example "fix(flows): …". Types: ${TYPES.join(', ')}.`)
  if ((subject.match(/\b(feat|fix|refactor|perf|test|bench|docs|build)(\([^)]*\))?: /g) ?? []).length > 1)
    problems.push('Write one type and one idea; make a commit of its own for the other.')
  if ([...subject].length > MOST)
    problems.push(
      `The subject has ${[...subject].length} characters; ${MOST} is the most. The reasons go in the body.`,
    )
  if (second.trim() !== '') problems.push('Leave a blank line between the subject and the body.')
  return problems
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = problemsOf(readFileSync(process.argv[2], 'utf8'))
  process.stderr.write(problems.map((problem) => `${problem}\n`).join(''))
  process.exit(problems.length > 0 ? 1 : 0)
}
