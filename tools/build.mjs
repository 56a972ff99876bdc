// Entry point of `npm run build`: makes dist/ from the sources as `npm start` does, but looks for no Temporal server.
import { build } from './setup/build.mjs'

await build()
