/** How one page of a listing leads to the next. */
import type { AxiosRequestConfig, AxiosResponse } from 'axios'

export interface Page<T> {
  readonly items: readonly T[]
  readonly body: unknown
  readonly headers: Readonly<Record<string, unknown>>
}

export interface Paging {
  /** The first request, from the plain one. */
  first(request: AxiosRequestConfig): AxiosRequestConfig
  /** The next request, or undefined after the last page. */
  next(
    request: AxiosRequestConfig,
    response: AxiosResponse,
    itemCount: number,
  ): AxiosRequestConfig | undefined
}
