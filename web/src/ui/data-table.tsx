/** A list of things with search, order and pages; on a narrow screen each row becomes a card. */
import { Button, Group, Pagination, Paper, Table, Text, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconSearch } from '@tabler/icons-react'
import { type ReactNode, useMemo, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import classes from './data-table.module.css'
import { EmptyState } from './empty-state.js'
import { formatCount, formatNumber } from './format.js'
import { type CellValue, type Order, orderRows, searchRows } from './table-rows.js'

/** A column. */
export interface Column<R> {
  readonly key: string
  readonly title: string
  readonly render: (row: R) => ReactNode
  /** What the column is worth for order and search; without it it has neither. */
  readonly value?: (row: R) => CellValue
  /** Numbers stand at the right. @default left */
  readonly align?: 'left' | 'right'
  /** CSS width. */
  readonly width?: string
  /** True where it can be missed on a narrow screen. @default false */
  readonly minor?: boolean
}

interface DataTableProps<R> {
  /** What the table lists, heard as its name: "Sources". */
  readonly label: string
  readonly columns: readonly Column<R>[]
  readonly rows: readonly R[]
  /** What a row is, one and many of them: stands beside their number. */
  readonly unit?: readonly [one: string, many: string]
  readonly rowKey: (row: R) => string
  /** Where a row leads: its first cell is the link, and a click anywhere in it goes there. */
  readonly rowTo?: (row: R) => string
  /** What stands in the search box; without it there is no search. */
  readonly search?: string
  /** In place of the table where there are no rows at all. */
  readonly empty: ReactNode
  /** Filters and the like, beside the search. */
  readonly tools?: ReactNode
  /** What adds to the list, at the right. */
  readonly action?: ReactNode
  /** The order at first. */
  readonly order?: Order
  /** @default 50 */
  readonly pageSize?: number
}

/** The table of the page; give it all rows, it shows a page of them. */
export function DataTable<R>(props: DataTableProps<R>) {
  const { label, columns, rows, unit, rowKey, rowTo, search, empty, tools, action, pageSize = 50 } = props
  const [words, setWords] = useState('')
  const [order, setOrder] = useState<Order | undefined>(props.order)
  const [page, setPage] = useState(1)
  const shown = useMemo(() => arrange(rows, columns, words, order), [rows, columns, words, order])
  const pages = Math.max(1, Math.ceil(shown.length / pageSize))
  const current = Math.min(page, pages)
  const visible = shown.slice((current - 1) * pageSize, current * pageSize)
  if (rows.length === 0) return empty
  return (
    <div>
      {(search !== undefined || tools !== undefined || action !== undefined) && (
        <Group mb="sm" gap="sm">
          {search !== undefined && (
            <TextInput
              type="search"
              aria-label={search}
              placeholder={search}
              leftSection={<IconSearch size={16} aria-hidden />}
              value={words}
              onChange={(event) => {
                setWords(event.currentTarget.value)
                setPage(1)
              }}
              w={{ base: '100%', xs: 280 }}
            />
          )}
          {tools}
          <Text c="dimmed" size="sm" role="status">
            {shown.length < rows.length && `${formatNumber(shown.length)} of `}
            {unit === undefined ? `${formatNumber(rows.length)} in all` : formatCount(rows.length, ...unit)}
          </Text>
          {action !== undefined && <div className={classes.action}>{action}</div>}
        </Group>
      )}
      {visible.length === 0 ? (
        <EmptyState
          title="Nothing found"
          action={
            <Button variant="default" onClick={() => setWords('')}>
              Show all
            </Button>
          }
        >
          Nothing here has all of these words. Use fewer, or other ones.
        </EmptyState>
      ) : (
        <Paper className={classes.frame}>
          <Table
            className={classes.table}
            aria-label={label}
            role="table"
            highlightOnHover={rowTo !== undefined}
          >
            <Table.Thead role="rowgroup">
              <Table.Tr role="row">
                {columns.map((column) => (
                  <HeaderCell key={column.key} column={column} order={order} onOrder={setOrder} />
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody role="rowgroup">
              {visible.map((row) => (
                <Row key={rowKey(row)} row={row} columns={columns} to={rowTo?.(row)} />
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
      {pages > 1 && (
        <Group justify="flex-end" mt="sm">
          <Pagination
            total={pages}
            value={current}
            onChange={setPage}
            size="sm"
            getControlProps={(control) => ({ 'aria-label': `${control} page` })}
            getItemProps={(number) => ({ 'aria-label': `Page ${number}` })}
          />
        </Group>
      )}
    </div>
  )
}

function arrange<R>(
  rows: readonly R[],
  columns: readonly Column<R>[],
  words: string,
  order: Order | undefined,
): readonly R[] {
  const found = searchRows(rows, words, (row) => columns.map((column) => column.value?.(row)))
  const value = columns.find(({ key }) => key === order?.column)?.value
  return value === undefined ? found : orderRows(found, value, order?.descending ?? false)
}

function HeaderCell<R>(props: {
  readonly column: Column<R>
  readonly order: Order | undefined
  readonly onOrder: (order: Order) => void
}) {
  const { column, order, onOrder } = props
  const mine = order?.column === column.key ? order : undefined
  const sorted = mine === undefined ? 'none' : mine.descending ? 'descending' : 'ascending'
  const Arrow = mine?.descending ? IconArrowDown : IconArrowUp
  return (
    <Table.Th
      role="columnheader"
      className={column.minor ? classes.minor : undefined}
      aria-sort={column.value === undefined ? undefined : sorted}
      data-align={column.align}
      w={column.width}
    >
      {column.value === undefined ? (
        column.title
      ) : (
        <button
          type="button"
          className={classes.sort}
          onClick={() => onOrder({ column: column.key, descending: mine !== undefined && !mine.descending })}
        >
          {column.title}
          {mine !== undefined && <Arrow size={14} aria-hidden />}
        </button>
      )}
    </Table.Th>
  )
}

function Row<R>(props: {
  readonly row: R
  readonly columns: readonly Column<R>[]
  readonly to: string | undefined
}) {
  const { row, columns, to } = props
  const navigate = useNavigate()
  return (
    <Table.Tr
      role="row"
      className={to === undefined ? undefined : classes.leading}
      onClick={(event) => {
        // Links, buttons and fields in the row keep their own meaning, and so does text that is being marked.
        const onControl = (event.target as Element).closest('a, button, input, label, [role="menu"]')
        if (to !== undefined && onControl === null && window.getSelection()?.isCollapsed !== false)
          void navigate(to)
      }}
    >
      {columns.map((column, index) => (
        <Table.Td
          key={column.key}
          role="cell"
          data-title={column.title}
          className={column.minor ? classes.minor : undefined}
          data-align={column.align}
        >
          <div>
            {index === 0 && to !== undefined ? (
              <Link to={to} className={classes.link}>
                {column.render(row)}
              </Link>
            ) : (
              column.render(row)
            )}
          </div>
        </Table.Td>
      ))}
    </Table.Tr>
  )
}
