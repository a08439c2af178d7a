/** A name of a table or file, or an address, which breaks where its words end, and not within them. */
import { Fragment } from 'react'

/** `public.coupon_redemptions` breaks behind the dot and the underscore; one longer than its place breaks anywhere. */
export function LongName({ name }: { readonly name: string }) {
  return (
    <span style={{ overflowWrap: 'break-word' }}>
      {name.split(/(?<=[._/@-])/).map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts have nothing but their order.
        <Fragment key={at}>
          {at > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </span>
  )
}
