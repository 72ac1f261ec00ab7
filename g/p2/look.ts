export const colour = '#ff8800'
