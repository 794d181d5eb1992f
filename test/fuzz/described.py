"""
Checks beyond those of schemathesis. To it the `default` response of every operation describes every status, and the
schema of a response allows members and headers that it does not name.
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


def operation_of(case):
    """The document, and its operation."""
    document = case.operation.schema.raw_schema
    return document, document['paths'][case.operation.path][case.operation.method.lower()]


def response_of(case, response):
    """The document, and its description of the response; all errors share one."""
    document, operation = operation_of(case)
    status = str(response.status_code)
    responses = operation['responses']
    return document, resolve(document, responses.get(status) or (responses['default'] if status >= '400' else {}))


@schemathesis.check
def named_status(ctx, response, case):
    """The operation names the status: in its responses, or in the list of its errors."""
    _, operation = operation_of(case)
    status = response.status_code
    assert str(status) in operation['responses'] or status in operation['x-errors'], f'{status} is not named'


@schemathesis.check
def named_headers(ctx, response, case):
    """The response names its headers."""
    _, described = response_of(case, response)
    unnamed = {name.lower() for name in response.headers} - HEADERS_OF_ALL
    unnamed -= {name.lower() for name in described.get('headers', {})}
    assert not unnamed, f'The {response.status_code} does not name {", ".join(sorted(unnamed))}'


@schemathesis.check
def named_members(ctx, response, case):
    """The schema of the response names the members of the body."""
    document, described = response_of(case, response)
    content = described.get('content', {}).get('application/json')
    if response.request.method == 'HEAD':
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
