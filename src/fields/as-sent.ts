import { Transform } from 'class-transformer';

/** Leaves the value of a property as it arrived: class-transformer must not walk through it. */
export const AsSent = (): PropertyDecorator => (target, property) => {
  Transform(({ obj }: { obj: Record<string, unknown> }) => obj[String(property)])(target, property);
};
