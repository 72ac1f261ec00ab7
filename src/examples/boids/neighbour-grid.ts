// Finds who is near whom: birds sorted by cell, so that a cell and its neighbours are a few runs of consecutive slots.
// Counting sort, no allocation per frame. A border of empty cells saves the checks at the edges.

export interface Grid {
  readonly columns: number
  /** First slot of each cell; a cell's birds end where the next cell's begin. */
  readonly starts: Int32Array
  /** Slot → bird. */
  readonly order: Int32Array
  /** Cell of each bird. */
  readonly cells: Int32Array
  /** Positions and velocities in slot order. */
  readonly sortedX: Float32Array
  readonly sortedY: Float32Array
  readonly sortedVx: Float32Array
  readonly sortedVy: Float32Array
  readonly columnOf: (x: number) => number
  readonly rowOf: (y: number) => number
}

/** A grid over width × height, with cells no smaller than what a bird sees. */
export function createGrid(count: number, width: number, height: number, cellSize: number): Grid {
  const insideColumns = Math.ceil(width / cellSize)
  const insideRows = Math.ceil(height / cellSize)
  const columns = insideColumns + 2
  const rows = insideRows + 2
  return {
    columns,
    starts: new Int32Array(columns * rows + 1),
    order: new Int32Array(count),
    cells: new Int32Array(count),
    sortedX: new Float32Array(count),
    sortedY: new Float32Array(count),
    sortedVx: new Float32Array(count),
    sortedVy: new Float32Array(count),
    columnOf: (x) => 1 + Math.min(insideColumns - 1, Math.max(0, Math.floor(x / cellSize))),
    rowOf: (y) => 1 + Math.min(insideRows - 1, Math.max(0, Math.floor(y / cellSize))),
  }
}

export function sortIntoGrid(grid: Grid, x: Float32Array, y: Float32Array, vx: Float32Array, vy: Float32Array): void {
  const { starts, order, cells, columns } = grid
  starts.fill(0)
  for (let bird = 0; bird < x.length; bird++) {
    const cell = grid.rowOf(y[bird] ?? 0) * columns + grid.columnOf(x[bird] ?? 0)
    cells[bird] = cell
    starts[cell] = (starts[cell] ?? 0) + 1
  }
  // Counts become ends; filling each cell from its end downwards leaves its start behind.
  let end = 0
  for (let cell = 0; cell < starts.length; cell++) {
    end += starts[cell] ?? 0
    starts[cell] = end
  }
  for (let bird = x.length - 1; bird >= 0; bird--) {
    const cell = cells[bird] ?? 0
    const slot = (starts[cell] ?? 0) - 1
    starts[cell] = slot
    order[slot] = bird
    grid.sortedX[slot] = x[bird] ?? 0
    grid.sortedY[slot] = y[bird] ?? 0
    grid.sortedVx[slot] = vx[bird] ?? 0
    grid.sortedVy[slot] = vy[bird] ?? 0
  }
}
