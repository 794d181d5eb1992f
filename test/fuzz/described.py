"""
Checks beyond those of schemathesis. Every operation of the document has a `default` response, which to schemathesis
describes every status; and a schema of a response allows members and headers that it does not name.
"""

import json

import schemathesis

# Headers of HTTP itself, and the security headers of every response (src/http/security-headers.ts).
HEADERS_OF_ALL = {
    'cache-control',
    'connection',
    'content-length',
    'content-security-policy',
    'content-type',
    'cross-origin-opener-policy',
    'cross-origin-resource-policy',
    'date',
    'keep-alive',
    'referrer-policy',
    'strict-transport-security',
    'transfer-encoding',
    'vary',
    'x-content-type-options',
    'x-frame-options',
}


def resolve(document, node):
    """Follows the references of a node."""
    while isinstance(node, dict) and '$ref' in node:
        path = node['$ref'].removeprefix('#/').split('/')
        node = document
        for name in path:
            node = node[name.replace('~1', '/').replace('~0', '~')]
    return node


def response_of(case, response):
    """The document, and its description of this very status: not `default`."""
    document = case.operation.schema.raw_schema
    operation = document['paths'][case.operation.path][case.operation.method.lower()]
    return document, resolve(document, operation['responses'].get(str(response.status_code)))


@schemathesis.check
def named_status(ctx, response, case):
    """The operation names the status."""
    _, described = response_of(case, response)
    assert described is not None, f'{response.status_code} is described by `default` alone'


@schemathesis.check
def named_headers(ctx, response, case):
    """The response names its headers."""
    _, described = response_of(case, response)
    named = {name.lower() for name in (described or {}).get('headers', {})}
    unnamed = {name.lower() for name in response.headers} - named - HEADERS_OF_ALL
    assert described is None or not unnamed, f'The {response.status_code} does not name {", ".join(sorted(unnamed))}'


@schemathesis.check
def named_members(ctx, response, case):
    """The schema of the response names the members of the body."""
    document, described = response_of(case, response)
    content = (described or {}).get('content', {}).get('application/json')
    if described is None or case.method.upper() == 'HEAD':
        return
    if content is None:
        assert response.content == b'', f'The {response.status_code} has no body in the document'
        return
    unnamed = sorted(unnamed_members(document, content['schema'], json.loads(response.content), ''))
    assert not unnamed, f'The {response.status_code} does not name {", ".join(unnamed)}'


def unnamed_members(document, schema, value, path):
    """Yields the path of each member that the schema does not name."""
    schema = resolve(document, schema)
    if isinstance(value, list) and 'items' in schema:
        for item in value:
            yield from unnamed_members(document, schema['items'], item, f'{path}[]')
    if isinstance(value, dict) and 'properties' in schema:
        for name, member in value.items():
            if name in schema['properties']:
                yield from unnamed_members(document, schema['properties'][name], member, f'{path}.{name}')
            elif 'additionalProperties' not in schema:
                yield f'{path}.{name}'
