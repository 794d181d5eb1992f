// The client that oapi-codegen generates, for the table of cases: test/clients/README.md says what a driver does.
//
//	driver URL
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strings"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"hivegate.example/driver/client"
)

// request is one call that the table asks for.
type request struct {
	Operation  string                     `json:"operation"`
	Token      *string                    `json:"token"`
	Parameters map[string]json.RawMessage `json:"parameters"`
	Body       json.RawMessage            `json:"body"`
}

// response is what the generated client made of the service's response.
type response struct {
	Status  int               `json:"status,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    any               `json:"body,omitempty"`
	Error   *client.ApiError     `json:"error,omitempty"`
	Failure string            `json:"failure,omitempty"`
}

func main() {
	out := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		answer, err := respond(lines.Bytes(), os.Args[1])
		if err != nil {
			answer = &response{Failure: err.Error()}
		}
		if err := out.Encode(answer); err != nil {
			panic(err)
		}
	}
}

// respond makes one call.
func respond(line []byte, url string) (*response, error) {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	made, err := client.NewClientWithResponses(url, client.WithRequestEditorFn(
		func(_ context.Context, sent *http.Request) error {
			if asked.Token != nil {
				sent.Header.Set("Authorization", "Bearer "+*asked.Token)
			}
			return nil
		}))
	if err != nil {
		return nil, err
	}
	return call(made, &asked)
}

// call calls an operation by its operationId, through the method that is generated for it.
func call(c *client.ClientWithResponses, r *request) (*response, error) {
	ctx := context.Background()
	switch r.Operation {
	case "signIn":
		return withBody(r, func(b client.SignInJSONRequestBody) (*client.SignInResponse, error) {
			return c.SignInWithResponse(ctx, b)
		})
	case "refreshToken":
		return withBody(r, func(b client.RefreshTokenJSONRequestBody) (*client.RefreshTokenResponse, error) {
			return c.RefreshTokenWithResponse(ctx, b)
		})
	case "createToken":
		return withBody(r, func(b client.CreateTokenJSONRequestBody) (*client.CreateTokenResponse, error) {
			return c.CreateTokenWithResponse(ctx, b)
		})
	case "revokeToken":
		return withBody(r, func(b client.RevokeTokenJSONRequestBody) (*client.RevokeTokenResponse, error) {
			return c.RevokeTokenWithResponse(ctx, b)
		})
	case "introspectToken":
		return withBody(r, func(b client.IntrospectTokenJSONRequestBody) (*client.IntrospectTokenResponse, error) {
			return c.IntrospectTokenWithResponse(ctx, b)
		})
	case "readRevocations":
		return told(c.ReadRevocationsWithResponse(ctx, parameters[client.ReadRevocationsParams](r)))
	case "getJwks":
		return told(c.GetJwksWithResponse(ctx))
	case "getAuthorizationServer":
		return told(c.GetAuthorizationServerWithResponse(ctx))
	case "getOpenidConfiguration":
		return told(c.GetOpenidConfigurationWithResponse(ctx))
	case "listUsers":
		return told(c.ListUsersWithResponse(ctx, parameters[client.ListUsersParams](r)))
	case "countUsers":
		return told(c.CountUsersWithResponse(ctx, parameters[client.CountUsersParams](r)))
	case "createUser":
		return withBody(r, func(b client.CreateUserJSONRequestBody) (*client.CreateUserResponse, error) {
			return c.CreateUserWithResponse(ctx, b)
		})
	case "getUser":
		return told(c.GetUserWithResponse(ctx, id(r), parameters[client.GetUserParams](r)))
	case "updateUser":
		return withBody(r, func(b client.UpdateUserJSONRequestBody) (*client.UpdateUserResponse, error) {
			return c.UpdateUserWithResponse(ctx, id(r), parameters[client.UpdateUserParams](r), b)
		})
	case "patchUser":
		return withBody(r, func(b client.PatchUserApplicationMergePatchPlusJSONRequestBody) (*client.PatchUserResponse, error) {
			return c.PatchUserWithApplicationMergePatchPlusJSONBodyWithResponse(ctx, id(r), parameters[client.PatchUserParams](r), b)
		})
	case "deleteUser":
		return told(c.DeleteUserWithResponse(ctx, id(r), parameters[client.DeleteUserParams](r)))
	case "getCurrentUser":
		return told(c.GetCurrentUserWithResponse(ctx, parameters[client.GetCurrentUserParams](r)))
	case "updateCurrentUser":
		return withBody(r, func(b client.UpdateCurrentUserJSONRequestBody) (*client.UpdateCurrentUserResponse, error) {
			return c.UpdateCurrentUserWithResponse(ctx, parameters[client.UpdateCurrentUserParams](r), b)
		})
	case "patchCurrentUser":
		return withBody(r, func(b client.PatchCurrentUserApplicationMergePatchPlusJSONRequestBody) (*client.PatchCurrentUserResponse, error) {
			return c.PatchCurrentUserWithApplicationMergePatchPlusJSONBodyWithResponse(ctx, parameters[client.PatchCurrentUserParams](r), b)
		})
	case "listSessions":
		return told(c.ListSessionsWithResponse(ctx, id(r), parameters[client.ListSessionsParams](r)))
	case "revokeSessions":
		return told(c.RevokeSessionsWithResponse(ctx, id(r), parameters[client.RevokeSessionsParams](r)))
	case "revokeSession":
		return told(c.RevokeSessionWithResponse(ctx, id(r), parameter[openapi_types.UUID](r, "sessionId")))
	case "listOwnSessions":
		return told(c.ListOwnSessionsWithResponse(ctx, parameters[client.ListOwnSessionsParams](r)))
	case "revokeOwnSessions":
		return told(c.RevokeOwnSessionsWithResponse(ctx, parameters[client.RevokeOwnSessionsParams](r)))
	case "revokeOwnSession":
		return told(c.RevokeOwnSessionWithResponse(ctx, parameter[openapi_types.UUID](r, "sessionId")))
	case "listNetworks":
		return told(c.ListNetworksWithResponse(ctx, parameters[client.ListNetworksParams](r)))
	case "countNetworks":
		return told(c.CountNetworksWithResponse(ctx, parameters[client.CountNetworksParams](r)))
	case "createNetwork":
		return withBody(r, func(b client.CreateNetworkJSONRequestBody) (*client.CreateNetworkResponse, error) {
			return c.CreateNetworkWithResponse(ctx, b)
		})
	case "getNetwork":
		return told(c.GetNetworkWithResponse(ctx, id(r), parameters[client.GetNetworkParams](r)))
	case "updateNetwork":
		return withBody(r, func(b client.UpdateNetworkJSONRequestBody) (*client.UpdateNetworkResponse, error) {
			return c.UpdateNetworkWithResponse(ctx, id(r), parameters[client.UpdateNetworkParams](r), b)
		})
	case "deleteNetwork":
		return told(c.DeleteNetworkWithResponse(ctx, id(r), parameters[client.DeleteNetworkParams](r)))
	case "getUserNetwork":
		return told(c.GetUserNetworkWithResponse(ctx, id(r), parameter[int64](r, "networkId")))
	case "assignNetwork":
		return told(c.AssignNetworkWithResponse(ctx, id(r), parameter[int64](r, "networkId")))
	case "unassignNetwork":
		return told(c.UnassignNetworkWithResponse(ctx, id(r), parameter[int64](r, "networkId")))
	case "listDeviceTypes":
		return told(c.ListDeviceTypesWithResponse(ctx, parameters[client.ListDeviceTypesParams](r)))
	case "countDeviceTypes":
		return told(c.CountDeviceTypesWithResponse(ctx, parameters[client.CountDeviceTypesParams](r)))
	case "createDeviceType":
		return withBody(r, func(b client.CreateDeviceTypeJSONRequestBody) (*client.CreateDeviceTypeResponse, error) {
			return c.CreateDeviceTypeWithResponse(ctx, b)
		})
	case "getDeviceType":
		return told(c.GetDeviceTypeWithResponse(ctx, id(r), parameters[client.GetDeviceTypeParams](r)))
	case "updateDeviceType":
		return withBody(r, func(b client.UpdateDeviceTypeJSONRequestBody) (*client.UpdateDeviceTypeResponse, error) {
			return c.UpdateDeviceTypeWithResponse(ctx, id(r), parameters[client.UpdateDeviceTypeParams](r), b)
		})
	case "deleteDeviceType":
		return told(c.DeleteDeviceTypeWithResponse(ctx, id(r), parameters[client.DeleteDeviceTypeParams](r)))
	case "listUserDeviceTypes":
		return told(c.ListUserDeviceTypesWithResponse(ctx, id(r)))
	case "assignAllDeviceTypes":
		return told(c.AssignAllDeviceTypesWithResponse(ctx, id(r)))
	case "unassignAllDeviceTypes":
		return told(c.UnassignAllDeviceTypesWithResponse(ctx, id(r)))
	case "getUserDeviceType":
		return told(c.GetUserDeviceTypeWithResponse(ctx, id(r), parameter[int64](r, "deviceTypeId")))
	case "assignDeviceType":
		return told(c.AssignDeviceTypeWithResponse(ctx, id(r), parameter[int64](r, "deviceTypeId")))
	case "unassignDeviceType":
		return told(c.UnassignDeviceTypeWithResponse(ctx, id(r), parameter[int64](r, "deviceTypeId")))
	case "listEvents":
		return told(c.ListEventsWithResponse(ctx, parameters[client.ListEventsParams](r)))
	case "getConfiguration":
		return told(c.GetConfigurationWithResponse(ctx, parameter[string](r, "name")))
	case "setConfiguration":
		return withBody(r, func(b client.SetConfigurationJSONRequestBody) (*client.SetConfigurationResponse, error) {
			return c.SetConfigurationWithResponse(ctx, parameter[string](r, "name"), b)
		})
	case "deleteConfiguration":
		return told(c.DeleteConfigurationWithResponse(ctx, parameter[string](r, "name")))
	case "getInfo":
		return told(c.GetInfoWithResponse(ctx))
	case "getCacheInfo":
		return told(c.GetCacheInfoWithResponse(ctx))
	case "getLiveness":
		return told(c.GetLivenessWithResponse(ctx))
	case "getReadiness":
		return told(c.GetReadinessWithResponse(ctx))
	default:
		return nil, fmt.Errorf("no operation %s", r.Operation)
	}
}

// withBody makes a call with the body of the request in the generated type. A member that the type does not have is an
// error.
func withBody[B, R any](r *request, send func(B) (*R, error)) (*response, error) {
	var body B
	if r.Body == nil {
		return nil, errors.New("the generated method always sends a body")
	}
	if err := decode(r.Body, &body); err != nil {
		return nil, err
	}
	return told(send(body))
}

// parameters returns the query parameters and headers of the request in the generated type.
func parameters[P any](r *request) *P {
	given := make(map[string]json.RawMessage)
	fields := reflect.TypeFor[P]()
	for index := range fields.NumField() {
		name, _, _ := strings.Cut(fields.Field(index).Tag.Get("json"), ",")
		if value, isGiven := r.Parameters[name]; isGiven {
			given[name] = value
		}
	}
	text, err := json.Marshal(given)
	if err != nil {
		panic(err)
	}
	var typed P
	if err := decode(text, &typed); err != nil {
		panic(err)
	}
	return &typed
}

// parameter returns a parameter of the path.
func parameter[P any](r *request, name string) P {
	var typed P
	if err := decode(r.Parameters[name], &typed); err != nil {
		panic(fmt.Errorf("%s: %w", name, err))
	}
	return typed
}

func id(r *request) int64 { return parameter[int64](r, "id") }

func decode(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// told turns a generated response, which has one field for each documented status, into what the table is told.
func told[R any](typed *R, err error) (*response, error) {
	if err != nil {
		return nil, err
	}
	fields := reflect.ValueOf(typed).Elem()
	received, isResponse := fields.FieldByName("HTTPResponse").Interface().(*http.Response)
	if !isResponse {
		return nil, fmt.Errorf("%T has no HTTPResponse", typed)
	}
	answer := &response{Status: received.StatusCode, Headers: make(map[string]string)}
	for name, values := range received.Header {
		answer.Headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	for field, value := range fields.Fields() {
		if !strings.HasPrefix(field.Name, "JSON") || value.IsNil() {
			continue
		}
		if failed, isError := value.Interface().(*client.ApiError); isError {
			answer.Error = failed
		} else {
			answer.Body = value.Interface()
		}
	}
	return answer, nil
}
