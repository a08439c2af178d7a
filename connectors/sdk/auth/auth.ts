/** How a request proves who asks. */
import type { AxiosRequestConfig } from 'axios'

export interface Auth {
  /** Adds the credential to a request; may fetch or refresh a token first. */
  apply(request: AxiosRequestConfig): Promise<AxiosRequestConfig>
  /** Called after a 401: true when a fresh credential was obtained and the request deserves one more try. */
  refresh?(): Promise<boolean>
}
