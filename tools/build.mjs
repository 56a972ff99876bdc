// `npm run build`: dist/ from the sources, as `npm start` makes it, without looking for any server.
import { build } from './setup/build.mjs'

await build()
