/** A chart for eyes and pointers: whoever shows one says the same in words or in a table for everybody else. */
import { useEffect, useRef } from 'react'
import UPlot, { type AlignedData, type Options } from 'uplot'
import 'uplot/dist/uPlot.min.css'
import styles from './plot.module.css'

export interface PlotProps {
  /** The same object as long as the look is the same: another one draws all anew. Width and height are the plot's own. */
  readonly options: Omit<Options, 'width' | 'height'>
  /** Seconds since 1970, then the values of each series. */
  readonly data: AlignedData
  /** Pixels, without the line of values below it. */
  readonly height: number
}

/** As wide as there is room. */
export function Plot({ options, data, height }: PlotProps) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot>(undefined)
  const newest = useRef(data)
  newest.current = data
  useEffect(() => {
    const room = place.current!
    const drawn = new UPlot({ ...options, width: room.clientWidth, height }, newest.current, room)
    plot.current = drawn
    const observer = new ResizeObserver(() => drawn.setSize({ width: room.clientWidth, height }))
    observer.observe(room)
    return () => {
      observer.disconnect()
      drawn.destroy()
    }
  }, [options, height])
  useEffect(() => {
    plot.current?.setData(data)
  }, [data])
  return <div ref={place} className={styles.plot} aria-hidden />
}
