/** The routes of an API document, as `GET /user/{}`: the names of parameters are left out. */
export const routesOf = (paths: Readonly<Record<string, object>>): string[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '{}')}`),
  );
