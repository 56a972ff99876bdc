/**
 * The path and query of a request, made safe for a redirect: browsers would read "//elsewhere.example" and "/\elsewhere.example" as
 * another host.
 */
export const ownPath = (url: string): string => `/${url.replace(/^[/\\]+/, '')}`
