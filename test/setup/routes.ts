import type { Express } from 'express'

interface Layer {
  route?: { path: string | string[]; methods: Record<string, boolean> }
  handle: { stack?: Layer[] }
}

export interface AppRoute {
  method: 'get' | 'post'
  path: string
}

/** All routes of the application, read from its routers, so that the list is complete. */
export function routesOf(app: Express): AppRoute[] {
  return fromStack((app.router as unknown as { stack: Layer[] }).stack)
}

const fromStack = (stack: readonly Layer[]): AppRoute[] =>
  stack.flatMap(({ route, handle }) => {
    if (!route) return handle.stack ? fromStack(handle.stack) : []
    const methods = (['get', 'post'] as const).filter((method) => route.methods[method])
    return [route.path].flat().flatMap((path) => methods.map((method) => ({ method, path })))
  })
