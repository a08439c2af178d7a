/**
 * Named pipes through which the engine streams results: it writes INTO OUTFILE, this process reads without
 * blocking a thread, and a slow reader stops the engine instead of filling memory.
 */
import { execFile } from 'node:child_process'
import { closeSync, constants, mkdirSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A pipe in use by one query. */
export interface Pipe {
  readonly path: string
  /** The reading end; it ends once the engine and `closeWriter` have let go. Destroying it fails the writer. */
  readonly reader: Socket
  /** Call when the engine is done with the pipe. */
  closeWriter(): void
}

/** Makes pipes in a folder and uses them again and again. */
export class PipePool {
  readonly #folder: string
  readonly #free: string[] = []
  #made = 0

  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true })
  }

  /** Opens a pipe nobody else uses. */
  async open(): Promise<Pipe> {
    if (this.#free.length === 0) await this.#make(8)
    const path = this.#free.pop()!
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    // Our own writing end keeps the reader from seeing an end before the engine has opened the pipe.
    let writer: number | undefined = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
    const reader = new Socket({ fd, readable: true, writable: false })
    reader.on('error', () => undefined)
    const closeWriter = (): void => {
      if (writer === undefined) return
      closeSync(writer)
      writer = undefined
    }
    const released = (): void => {
      if (writer === undefined && reader.closed) this.#free.push(path)
    }
    reader.once('close', released)
    return {
      path,
      reader,
      closeWriter: () => {
        if (writer === undefined) return
        closeWriter()
        released()
      },
    }
  }

  async #make(count: number): Promise<void> {
    const paths = Array.from({ length: count }, () => join(this.#folder, `pipe-${this.#made++}`))
    await promisify(execFile)('mkfifo', ['-m', '600', ...paths])
    this.#free.push(...paths)
  }
}
