#!/usr/bin/env node
/** The `tributary` command: the composition root of the command line. */
import { createProgram } from './program.js'
import { runProgram } from './run-program.js'

process.exitCode = await runProgram(createProgram(), process.argv)
