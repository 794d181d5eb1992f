import type { EntityManager } from 'typeorm';

/** Returns the placeholders of so many parameters of a statement, in order. */
export const parametersOf = ({ dataSource }: EntityManager, count: number): string[] =>
  Array.from({ length: count }, (_, index) => dataSource.driver.createParameter(`p${index}`, index));
