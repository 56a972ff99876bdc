/**
 * The address of a request as one of ours, with its query: "//elsewhere.example" and "/\elsewhere.example" would be
 * read by a browser as another host.
 */
export const ownPath = (url: string): string => `/${url.replace(/^[/\\]+/, '')}`
