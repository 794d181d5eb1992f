"""
The client that openapi-python-client generates, for the table of cases: test/clients/README.md says what a driver does.

    python driver.py URL
"""

import datetime
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, Protocol, Self, TypeVar, cast
from uuid import UUID

import attrs

from hivegate_client import AuthenticatedClient, Client
from hivegate_client.api.configuration import (
    delete_configuration,
    get_configuration,
    set_configuration,
)
from hivegate_client.api.device_types import (
    assign_all_device_types,
    assign_device_type,
    count_device_types,
    create_device_type,
    delete_device_type,
    get_device_type,
    get_user_device_type,
    list_device_types,
    list_user_device_types,
    unassign_all_device_types,
    unassign_device_type,
    update_device_type,
)
from hivegate_client.api.events import list_events
from hivegate_client.api.networks import (
    assign_network,
    count_networks,
    create_network,
    delete_network,
    get_network,
    get_user_network,
    list_networks,
    unassign_network,
    update_network,
)
from hivegate_client.api.operation import (
    get_cache_info,
    get_info,
    get_liveness,
    get_readiness,
)
from hivegate_client.api.sessions import (
    list_own_sessions,
    list_sessions,
    revoke_own_session,
    revoke_own_sessions,
    revoke_session,
    revoke_sessions,
)
from hivegate_client.api.tokens import (
    create_token,
    get_authorization_server,
    get_jwks,
    get_openid_configuration,
    introspect_token,
    read_revocations,
    refresh_token,
    revoke_token,
    sign_in,
)
from hivegate_client.api.users import (
    count_users,
    create_user,
    delete_user,
    get_current_user,
    get_user,
    list_users,
    patch_current_user,
    patch_user,
    update_current_user,
    update_user,
)
from hivegate_client.models import (
    ApiError,
    CreateScope,
    CreateToken,
    CreateUser,
    EventType,
    IntrospectToken,
    ListOwnSessionsCreatedFor,
    ListSessionsCreatedFor,
    PatchUser,
    RefreshToken,
    RevokeOwnSessionsCreatedFor,
    RevokeOwnSessionsExcept,
    RevokeSessionsCreatedFor,
    RevokeSessionsExcept,
    RevokeToken,
    SetConfiguration,
    SignIn,
    UpdateScope,
    UpdateUser,
    UserRole,
    UserStatus,
)
from hivegate_client.types import UNSET, Response, Unset


class Model(Protocol):
    """What every generated class of a body has."""

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self: ...


B = TypeVar("B", bound=Model)
T = TypeVar("T")


class Call:
    """One call that the table asks for: its client, and its parameters and body as the generated types have them."""

    def __init__(self, request: dict[str, Any], url: str) -> None:
        self.operation: str = request["operation"]
        token = request.get("token")
        # Operations that need a token ask for an AuthenticatedClient. One without a token has the same methods.
        self.client = (
            cast(AuthenticatedClient, Client(url))
            if token is None
            else AuthenticatedClient(url, token)
        )
        self._parameters: dict[str, Any] = request.get("parameters", {})
        self._body: dict[str, Any] | None = request.get("body")

    @property
    def id(self) -> int:
        return self.required("id", int)

    def required(self, name: str, kind: Callable[[Any], T]) -> T:
        """A parameter of the path."""
        return kind(self._parameters[name])

    def optional(self, name: str, kind: Callable[[Any], T]) -> T | Unset:
        """A parameter of the query, or a header."""
        return kind(self._parameters[name]) if name in self._parameters else UNSET

    def text(self, name: str) -> str | Unset:
        return self.optional(name, str)

    def number(self, name: str) -> int | Unset:
        return self.optional(name, int)

    def moment(self, name: str) -> datetime.datetime | Unset:
        return self.optional(name, datetime.datetime.fromisoformat)

    def body(self, model: type[B]) -> B:
        """The body, constructed with exactly the members that are set, so that what the class adds is seen."""
        if self._body is None:
            raise ValueError(f"{self.operation} needs a body")
        typed = model.from_dict(self._body)
        fields = attrs.fields(cast(type[attrs.AttrsInstance], model))
        return model(
            **{
                field.name: getattr(typed, field.name)
                for field in fields
                if field.init and getattr(typed, field.name) is not UNSET
            }
        )

    def optional_body(self, model: type[B]) -> B | Unset:
        return UNSET if self._body is None else self.body(model)


# Each operation by its operationId, through the function that is generated for it.
OPERATIONS: dict[str, Callable[[Call], Response[Any]]] = {
    "signIn": lambda c: sign_in.sync_detailed(client=c.client, body=c.body(SignIn)),
    "refreshToken": lambda c: refresh_token.sync_detailed(
        client=c.client, body=c.body(RefreshToken)
    ),
    "createToken": lambda c: create_token.sync_detailed(
        client=c.client, body=c.body(CreateToken)
    ),
    "revokeToken": lambda c: revoke_token.sync_detailed(
        client=c.client, body=c.body(RevokeToken)
    ),
    "introspectToken": lambda c: introspect_token.sync_detailed(
        client=c.client, body=c.body(IntrospectToken)
    ),
    "readRevocations": lambda c: read_revocations.sync_detailed(
        client=c.client, after=c.text("after"), wait=c.number("wait")
    ),
    "getJwks": lambda c: get_jwks.sync_detailed(client=c.client),
    "getAuthorizationServer": lambda c: get_authorization_server.sync_detailed(
        client=c.client
    ),
    "getOpenidConfiguration": lambda c: get_openid_configuration.sync_detailed(
        client=c.client
    ),
    "listUsers": lambda c: list_users.sync_detailed(
        client=c.client,
        login=c.text("login"),
        login_pattern=c.text("loginPattern"),
        role=c.optional("role", UserRole),
        status=c.optional("status", UserStatus),
        sort_field=c.text("sortField"),
        sort_order=c.text("sortOrder"),
        take=c.number("take"),
        skip=c.number("skip"),
        after=c.text("after"),
    ),
    "countUsers": lambda c: count_users.sync_detailed(
        client=c.client,
        login=c.text("login"),
        login_pattern=c.text("loginPattern"),
        role=c.optional("role", UserRole),
        status=c.optional("status", UserStatus),
    ),
    "createUser": lambda c: create_user.sync_detailed(
        client=c.client, body=c.body(CreateUser)
    ),
    "getUser": lambda c: get_user.sync_detailed(
        c.id,
        client=c.client,
        if_match=c.text("If-Match"),
        if_none_match=c.text("If-None-Match"),
    ),
    "updateUser": lambda c: update_user.sync_detailed(
        c.id,
        client=c.client,
        body=c.optional_body(UpdateUser),
        if_match=c.text("If-Match"),
        if_none_match=c.text("If-None-Match"),
    ),
    "patchUser": lambda c: patch_user.sync_detailed(
        c.id,
        client=c.client,
        body=c.optional_body(PatchUser),
        if_match=c.text("If-Match"),
        if_none_match=c.text("If-None-Match"),
    ),
    "deleteUser": lambda c: delete_user.sync_detailed(
        c.id,
        client=c.client,
        if_match=c.text("If-Match"),
        if_none_match=c.text("If-None-Match"),
    ),
    "getCurrentUser": lambda c: get_current_user.sync_detailed(
        client=c.client,
        if_match=c.text("If-Match"),
        if_none_match=c.text("If-None-Match"),
    ),
    "updateCurrentUser": lambda c: update_current_user.sync_detailed(
        client=c.client,
        body=c.optional_body(UpdateUser),
        if_match=c.text("If-Match"),
        if_none_match=c.text("If-None-Match"),
    ),
    "patchCurrentUser": lambda c: patch_current_user.sync_detailed(
        client=c.client,
        body=c.optional_body(PatchUser),
        if_match=c.text("If-Match"),
        if_none_match=c.text("If-None-Match"),
    ),
    "listSessions": lambda c: list_sessions.sync_detailed(
        c.id,
        client=c.client,
        take=c.number("take"),
        after=c.text("after"),
        created_for=c.optional("createdFor", ListSessionsCreatedFor),
    ),
    "revokeSessions": lambda c: revoke_sessions.sync_detailed(
        c.id,
        client=c.client,
        except_=c.optional("except", RevokeSessionsExcept),
        created_for=c.optional("createdFor", RevokeSessionsCreatedFor),
    ),
    "revokeSession": lambda c: revoke_session.sync_detailed(
        c.id, c.required("sessionId", UUID), client=c.client
    ),
    "listOwnSessions": lambda c: list_own_sessions.sync_detailed(
        client=c.client,
        take=c.number("take"),
        after=c.text("after"),
        created_for=c.optional("createdFor", ListOwnSessionsCreatedFor),
    ),
    "revokeOwnSessions": lambda c: revoke_own_sessions.sync_detailed(
        client=c.client,
        except_=c.optional("except", RevokeOwnSessionsExcept),
        created_for=c.optional("createdFor", RevokeOwnSessionsCreatedFor),
    ),
    "revokeOwnSession": lambda c: revoke_own_session.sync_detailed(
        c.required("sessionId", UUID), client=c.client
    ),
    "listNetworks": lambda c: list_networks.sync_detailed(
        client=c.client,
        name=c.text("name"),
        name_pattern=c.text("namePattern"),
        sort_field=c.text("sortField"),
        sort_order=c.text("sortOrder"),
        take=c.number("take"),
        skip=c.number("skip"),
        after=c.text("after"),
    ),
    "countNetworks": lambda c: count_networks.sync_detailed(
        client=c.client, name=c.text("name"), name_pattern=c.text("namePattern")
    ),
    "createNetwork": lambda c: create_network.sync_detailed(
        client=c.client, body=c.body(CreateScope)
    ),
    "getNetwork": lambda c: get_network.sync_detailed(
        c.id,
        client=c.client,
        if_match=c.text("If-Match"),
        if_none_match=c.text("If-None-Match"),
    ),
    "updateNetwork": lambda c: update_network.sync_detailed(
        c.id,
        client=c.client,
        body=c.optional_body(UpdateScope),
        if_match=c.text("If-Match"),
        if_none_match=c.text("If-None-Match"),
    ),
    "deleteNetwork": lambda c: delete_network.sync_detailed(
        c.id,
        client=c.client,
        force=c.optional("force", bool),
        if_match=c.text("If-Match"),
        if_none_match=c.text("If-None-Match"),
    ),
    "getUserNetwork": lambda c: get_user_network.sync_detailed(
        c.id, c.required("networkId", int), client=c.client
    ),
    "assignNetwork": lambda c: assign_network.sync_detailed(
        c.id, c.required("networkId", int), client=c.client
    ),
    "unassignNetwork": lambda c: unassign_network.sync_detailed(
        c.id, c.required("networkId", int), client=c.client
    ),
    "listDeviceTypes": lambda c: list_device_types.sync_detailed(
        client=c.client,
        name=c.text("name"),
        name_pattern=c.text("namePattern"),
        sort_field=c.text("sortField"),
        sort_order=c.text("sortOrder"),
        take=c.number("take"),
        skip=c.number("skip"),
        after=c.text("after"),
    ),
    "countDeviceTypes": lambda c: count_device_types.sync_detailed(
        client=c.client, name=c.text("name"), name_pattern=c.text("namePattern")
    ),
    "createDeviceType": lambda c: create_device_type.sync_detailed(
        client=c.client, body=c.body(CreateScope)
    ),
    "getDeviceType": lambda c: get_device_type.sync_detailed(
        c.id,
        client=c.client,
        if_match=c.text("If-Match"),
        if_none_match=c.text("If-None-Match"),
    ),
    "updateDeviceType": lambda c: update_device_type.sync_detailed(
        c.id,
        client=c.client,
        body=c.optional_body(UpdateScope),
        if_match=c.text("If-Match"),
        if_none_match=c.text("If-None-Match"),
    ),
    "deleteDeviceType": lambda c: delete_device_type.sync_detailed(
        c.id,
        client=c.client,
        force=c.optional("force", bool),
        if_match=c.text("If-Match"),
        if_none_match=c.text("If-None-Match"),
    ),
    "listUserDeviceTypes": lambda c: list_user_device_types.sync_detailed(
        c.id, client=c.client
    ),
    "assignAllDeviceTypes": lambda c: assign_all_device_types.sync_detailed(
        c.id, client=c.client
    ),
    "unassignAllDeviceTypes": lambda c: unassign_all_device_types.sync_detailed(
        c.id, client=c.client
    ),
    "getUserDeviceType": lambda c: get_user_device_type.sync_detailed(
        c.id, c.required("deviceTypeId", int), client=c.client
    ),
    "assignDeviceType": lambda c: assign_device_type.sync_detailed(
        c.id, c.required("deviceTypeId", int), client=c.client
    ),
    "unassignDeviceType": lambda c: unassign_device_type.sync_detailed(
        c.id, c.required("deviceTypeId", int), client=c.client
    ),
    "listEvents": lambda c: list_events.sync_detailed(
        client=c.client,
        after=c.number("after"),
        take=c.number("take"),
        type_=c.optional("type", EventType),
        subject=c.text("subject"),
        actor=c.number("actor"),
        since=c.moment("since"),
        until=c.moment("until"),
    ),
    "getConfiguration": lambda c: get_configuration.sync_detailed(
        c.required("name", str), client=c.client
    ),
    "setConfiguration": lambda c: set_configuration.sync_detailed(
        c.required("name", str), client=c.client, body=c.body(SetConfiguration)
    ),
    "deleteConfiguration": lambda c: delete_configuration.sync_detailed(
        c.required("name", str), client=c.client
    ),
    "getInfo": lambda c: get_info.sync_detailed(client=c.client),
    "getCacheInfo": lambda c: get_cache_info.sync_detailed(client=c.client),
    "getLiveness": lambda c: get_liveness.sync_detailed(client=c.client),
    "getReadiness": lambda c: get_readiness.sync_detailed(client=c.client),
}


def respond(request: dict[str, Any], url: str) -> dict[str, Any]:
    """Makes one call; returns the response for the table."""
    call = Call(request, url)
    if call.operation not in OPERATIONS:
        return {"failure": f"no operation {call.operation}"}
    try:
        with call.client:
            response = OPERATIONS[call.operation](call)
    except Exception as error:  # noqa: BLE001 -- the table is told, not the shell
        return {"failure": repr(error)}
    told: dict[str, Any] = {
        "status": response.status_code.value,
        "headers": {
            name.lower(): value for name, value in response.headers.items()
        },
    }
    parsed = response.parsed
    if isinstance(parsed, list):
        told["body"] = [element.to_dict() for element in parsed]
    elif parsed is not None:
        told["error" if isinstance(parsed, ApiError) else "body"] = parsed.to_dict()
    return told


def main() -> None:
    (url,) = sys.argv[1:]
    for line in sys.stdin:
        print(json.dumps(respond(json.loads(line), url)), flush=True)


main()
