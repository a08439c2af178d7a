/** The form made from a schema, fetched by those who see one: it is larger than the page that most readers look at. */
import { type ComponentProps, lazy, Suspense } from 'react'
import { Loading } from '../loading.js'
import type { SchemaForm } from './schema-form.js'

const fetchForm = () => import('./schema-form.js')

const Form = lazy(async () => ({ default: (await fetchForm()).SchemaForm }))

/** Begins to fetch the form's code, which then comes while the schema is read. What fails is told when the form shows. */
export function beginForm(): void {
  fetchForm().catch(() => undefined)
}

/** {@link SchemaForm}, with its shape until it is there. */
export function FormOnDemand(props: ComponentProps<typeof SchemaForm>) {
  return (
    <Suspense fallback={<Loading what="Opening the form" />}>
      <Form {...props} />
    </Suspense>
  )
}
