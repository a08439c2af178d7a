/** The types of the client, from those of the API's description: what each path takes and answers, deeply read-only. */
import type { paths } from './schema.js'

/** How a path is asked. */
type Method = 'get' | 'put' | 'post' | 'delete' | 'patch'

/** Paths that can be asked so. */
export type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends { readonly [K in M]: object } ? P : never
}[keyof paths]

type Operation<P extends keyof paths, M extends Method> = NonNullable<paths[P][M & keyof paths[P]]>

/** What a path answers when it does not refuse. */
export type Data<P extends keyof paths, M extends Method> =
  Operation<P, M> extends {
    readonly responses: { readonly 200: { content: { readonly 'application/json': infer D } } }
  }
    ? D
    : undefined

type Body<P extends keyof paths, M extends Method> =
  Operation<P, M> extends {
    readonly requestBody: { readonly content: { readonly 'application/json': infer B } }
  }
    ? { readonly body: B }
    : Operation<P, M> extends {
          readonly requestBody: { readonly content: { readonly 'application/octet-stream': unknown } }
        }
      ? { readonly body: Blob; readonly headers: { readonly 'content-type': 'application/octet-stream' } }
      : object

type Parameters<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { readonly parameters: infer A } ? Omit<A, 'cookie'> : never

/** True where nothing in it must be given. */
type IsOptional<T> = object extends T ? true : false

/** Everything that a path takes, apart from the signal that takes the question back. */
export type Input<P extends keyof paths, M extends Method> = Body<P, M> &
  (IsOptional<Parameters<P, M>> extends true
    ? { readonly params?: Parameters<P, M> }
    : { readonly params: Parameters<P, M> })

/** May be left out only where the path needs nothing. */
export type InputArguments<P extends keyof paths, M extends Method> =
  IsOptional<Input<P, M>> extends true
    ? readonly [input?: Input<P, M> & Cancel]
    : readonly [input: Input<P, M> & Cancel]

interface Cancel {
  readonly signal?: AbortSignal
}

type Ask<M extends Method> = <P extends PathsWith<M>>(
  path: P,
  ...input: InputArguments<P, M>
) => Promise<{ readonly data?: Data<P, M> }>

/** One function a method. */
export interface Api {
  readonly GET: Ask<'get'>
  readonly PUT: Ask<'put'>
  readonly POST: Ask<'post'>
  readonly DELETE: Ask<'delete'>
  readonly PATCH: Ask<'patch'>
}
