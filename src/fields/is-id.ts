import { ValidateBy } from 'class-validator';

/** Whether a value is an id: a positive safe integer. */
export const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

/** Validates an id in a body. */
export const IsId = (): PropertyDecorator =>
  ValidateBy({
    name: 'isId',
    validator: {
      validate: isId,
      defaultMessage: (validation) => `${validation?.property} must be a positive integer`,
    },
  });
