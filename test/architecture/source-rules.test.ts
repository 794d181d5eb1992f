import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { type Source, SOURCES } from './sources.js';

/** The places where some syntax occurs, as `file:line text`. */
const placesOf = (matches: (node: ts.Node) => boolean, sources: readonly Source[] = SOURCES) =>
  sources.flatMap(({ path, syntax }) => {
    const places: string[] = [];
    const visit = (node: ts.Node) => {
      if (matches(node)) places.push(placeOf(path, syntax, node));
      ts.forEachChild(node, visit);
    };
    visit(syntax);
    return places;
  });
const placeOf = (path: string, syntax: ts.SourceFile, node: ts.Node) =>
  `${path}:${syntax.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.getText().split('\n', 1)[0]}`;

const isProperty = (node: ts.Node, name: RegExp): node is ts.PropertyAccessExpression =>
  ts.isPropertyAccessExpression(node) && name.test(node.name.text);

describe('the source', () => {
  it('reads process.env in src/settings/sources.ts alone', () => {
    const readers = SOURCES.filter(({ path }) => path !== 'settings/sources.ts');
    const reads = (node: ts.Node) => isProperty(node, /^env$/) && node.expression.getText() === 'process';
    expect(placesOf(reads, readers)).toEqual([]);
    expect(placesOf(reads)).not.toEqual([]);
  });

  it('decides what the compatible mode is in src/compatibility alone', () => {
    const setting = /\b(?:compatibility|acceptOriginalTokensUntil)\b/;
    const isElsewhere = ({ path }: Source) => !/^(?:settings\/settings\.ts|compatibility\/)/.test(path);
    const reads = (node: ts.Node) => ts.isIdentifier(node) && setting.test(node.text);
    expect(placesOf(reads, SOURCES.filter(isElsewhere))).toEqual([]);
    expect(placesOf(reads)).not.toEqual([]);
  });

  it('never lets TypeORM change the schema by itself', () => {
    const synchronizes = (node: ts.Node) => ts.isIdentifier(node) && node.text === 'synchronize';
    expect(placesOf(synchronizes)).toEqual([]);
  });

  it('writes named columns, never a whole row that may be stale', () => {
    // Manager and repository methods that write whatever the entity holds.
    const saves = (node: ts.Node) =>
      ts.isCallExpression(node) && isProperty(node.expression, /^(?:save|upsert|softRemove|recover)$/);
    expect(placesOf(saves)).toEqual([]);
  });

  it('documents whatever it exports', () => {
    expect(SOURCES.flatMap(undocumentedExports)).toEqual([]);
  });

  it('documents every setting, every column and every field of a body', () => {
    expect(SOURCES.flatMap(undocumentedFields)).toEqual([]);
  });
});

const isExported = (node: ts.Node) =>
  ts.canHaveModifiers(node) &&
  ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
const hasDoc = (node: ts.Node) => ts.getJSDocCommentsAndTags(node).some(ts.isJSDoc);

function undocumentedExports({ path, syntax }: Source): string[] {
  return syntax.statements
    .filter((node) => isExported(node) && !hasDoc(node) && !describesItself(node))
    .map((node) => placeOf(path, syntax, node));
}

/** Whether what is exported is data with a description of its own: what the API document says of an operation. */
function describesItself(node: ts.Node): boolean {
  if (!ts.isVariableStatement(node)) return false;
  return node.declarationList.declarations.every(
    ({ initializer }) =>
      initializer && ts.isObjectLiteralExpression(initializer) && hasDescription(initializer),
  );
}

const hasDescription = (literal: ts.ObjectLiteralExpression) =>
  literal.properties.some(({ name }) => name?.getText() === 'description');

/** Fields of settings, entities, bodies and queries, but for ids, whose names say it all. */
function undocumentedFields({ path, syntax }: Source): string[] {
  if (!/(?:settings|\.entity|\.dto|\.query|\.view)\.ts$/.test(path)) return [];
  return syntax.statements
    .filter((node) => ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node))
    .filter(isExported)
    .flatMap((node) => [...node.members])
    .filter((member) => ts.isPropertyDeclaration(member) || ts.isPropertySignature(member))
    .filter((field) => !/^(?:id|\w+Id)$/.test(field.name.getText()) && !hasDoc(field) && !isDescribed(field))
    .map((field) => placeOf(path, syntax, field.name));
}

/** Whether a decorator describes the field to the API document. */
function isDescribed(field: ts.Node): boolean {
  const decorators = ts.canHaveDecorators(field) ? (ts.getDecorators(field) ?? []) : [];
  return decorators.some(({ expression }) => {
    if (!ts.isCallExpression(expression)) return false;
    const name = expression.expression.getText();
    // Compound decorators such as LoginField carry the description of their field.
    return (
      /(?:Field|^Query[A-Z]\w+)$/.test(name) ||
      expression.arguments.some(
        (argument) => ts.isObjectLiteralExpression(argument) && hasDescription(argument),
      )
    );
  });
}
