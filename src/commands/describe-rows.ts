/** Formats the number of rows of each table. */
export const describeRows = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([table, count]) => `${table.replaceAll('_', ' ')}: ${count}`)
    .join(', ');
