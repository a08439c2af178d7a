/** The part of an HTTP answer that locations look at. */
export interface HttpResponse<Body> {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly data: Body
}
