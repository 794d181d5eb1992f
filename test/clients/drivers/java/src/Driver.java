import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hivegate.client.ApiClient;
import hivegate.client.ApiException;
import hivegate.client.ApiResponse;
import hivegate.client.api.ConfigurationApi;
import hivegate.client.api.DeviceTypesApi;
import hivegate.client.api.EventsApi;
import hivegate.client.api.NetworksApi;
import hivegate.client.api.OperationApi;
import hivegate.client.api.SessionsApi;
import hivegate.client.api.TokensApi;
import hivegate.client.api.UsersApi;
import hivegate.client.model.ApiError;
import hivegate.client.model.CreateScope;
import hivegate.client.model.CreateToken;
import hivegate.client.model.CreateUser;
import hivegate.client.model.EventType;
import hivegate.client.model.IntrospectToken;
import hivegate.client.model.PatchUser;
import hivegate.client.model.RefreshToken;
import hivegate.client.model.RevokeToken;
import hivegate.client.model.SetConfiguration;
import hivegate.client.model.SignIn;
import hivegate.client.model.UpdateScope;
import hivegate.client.model.UpdateUser;
import hivegate.client.model.UserRole;
import hivegate.client.model.UserStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * The client that openapi-generator generates for Java, for the table of cases: test/clients/README.md says what a
 * driver does.
 */
public final class Driver {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ApiClient client;
  private final TokensApi tokens;
  private final UsersApi users;
  private final SessionsApi sessions;
  private final NetworksApi networks;
  private final DeviceTypesApi deviceTypes;
  private final EventsApi events;
  private final ConfigurationApi configuration;
  private final OperationApi operation;

  /** The call that is being made. */
  private JsonNode request;

  private Driver(String url) {
    client = new ApiClient();
    client.updateBaseUri(url);
    client.setRequestInterceptor(sent -> {
      if (request.has("token")) sent.header("Authorization", "Bearer " + request.get("token").textValue());
    });
    tokens = new TokensApi(client);
    users = new UsersApi(client);
    sessions = new SessionsApi(client);
    networks = new NetworksApi(client);
    deviceTypes = new DeviceTypesApi(client);
    events = new EventsApi(client);
    configuration = new ConfigurationApi(client);
    operation = new OperationApi(client);
  }

  /** Reads requests until stdin ends. */
  public static void main(String[] arguments) throws IOException {
    Driver driver = new Driver(arguments[0]);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      driver.request = JSON.readTree(line);
      out.println(driver.respond());
    }
  }

  /** Makes the call; returns the response for the table. */
  private JsonNode respond() {
    try {
      ApiResponse<?> response = call();
      ObjectNode told = told(response.getStatusCode(), response.getHeaders());
      if (response.getData() != null) {
        told.set("body", client.getObjectMapper().valueToTree(response.getData()));
      }
      return told;
    } catch (ApiException failed) {
      return failed.getResponseHeaders() == null ? failure(failed) : toldError(failed);
    } catch (IOException | RuntimeException failed) {
      return failure(failed);
    }
  }

  private JsonNode toldError(ApiException failed) {
    ObjectNode told = told(failed.getCode(), failed.getResponseHeaders().map());
    if (failed.getResponseBody() != null && !failed.getResponseBody().isEmpty()) {
      ObjectMapper mapper = client.getObjectMapper();
      try {
        told.set("error", mapper.valueToTree(mapper.readValue(failed.getResponseBody(), ApiError.class)));
      } catch (IOException unreadable) {
        return failure(unreadable);
      }
    }
    return told;
  }

  private static ObjectNode told(int status, Map<String, List<String>> headers) {
    ObjectNode told = JSON.createObjectNode().put("status", status);
    ObjectNode shown = told.putObject("headers");
    headers.forEach((name, values) -> shown.put(name, String.join(", ", values)));
    return told;
  }

  private static ObjectNode failure(Exception failed) {
    return JSON.createObjectNode().put("failure", failed.toString());
  }

  /** Calls an operation by its operationId, through the method that is generated for it. */
  private ApiResponse<?> call() throws ApiException, IOException {
    String ifMatch = text("If-Match");
    String ifNoneMatch = text("If-None-Match");
    return switch (request.get("operation").textValue()) {
      case "signIn" -> tokens.signInWithHttpInfo(body(new SignIn()));
      case "refreshToken" -> tokens.refreshTokenWithHttpInfo(body(new RefreshToken()));
      case "createToken" -> tokens.createTokenWithHttpInfo(body(new CreateToken()));
      case "revokeToken" -> tokens.revokeTokenWithHttpInfo(body(new RevokeToken()));
      case "introspectToken" -> tokens.introspectTokenWithHttpInfo(body(new IntrospectToken()));
      case "readRevocations" -> tokens.readRevocationsWithHttpInfo(parameter("wait", Integer::valueOf), text("after"));
      case "getJwks" -> tokens.getJwksWithHttpInfo();
      case "getAuthorizationServer" -> tokens.getAuthorizationServerWithHttpInfo();
      case "getOpenidConfiguration" -> tokens.getOpenidConfigurationWithHttpInfo();
      case "listUsers" -> users.listUsersWithHttpInfo(
          text("login"), text("loginPattern"), role(), status(), text("sortField"), text("sortOrder"),
          take(), number("skip"), text("after"));
      case "countUsers" -> users.countUsersWithHttpInfo(text("login"), text("loginPattern"), role(), status());
      case "createUser" -> users.createUserWithHttpInfo(body(new CreateUser()));
      case "getUser" -> users.getUserWithHttpInfo(id(), ifMatch, ifNoneMatch);
      case "updateUser" -> users.updateUserWithHttpInfo(id(), ifMatch, ifNoneMatch, body(new UpdateUser()));
      case "patchUser" -> users.patchUserWithHttpInfo(id(), ifMatch, ifNoneMatch, body(new PatchUser()));
      case "deleteUser" -> users.deleteUserWithHttpInfo(id(), ifMatch, ifNoneMatch);
      case "getCurrentUser" -> users.getCurrentUserWithHttpInfo(ifMatch, ifNoneMatch);
      case "updateCurrentUser" -> users.updateCurrentUserWithHttpInfo(ifMatch, ifNoneMatch, body(new UpdateUser()));
      case "patchCurrentUser" -> users.patchCurrentUserWithHttpInfo(ifMatch, ifNoneMatch, body(new PatchUser()));
      case "listSessions" -> sessions.listSessionsWithHttpInfo(id(), text("createdFor"), take(), text("after"));
      case "revokeSessions" -> sessions.revokeSessionsWithHttpInfo(id(), text("except"), text("createdFor"));
      case "revokeSession" -> sessions.revokeSessionWithHttpInfo(id(), sessionId());
      case "listOwnSessions" -> sessions.listOwnSessionsWithHttpInfo(text("createdFor"), take(), text("after"));
      case "revokeOwnSessions" -> sessions.revokeOwnSessionsWithHttpInfo(text("except"), text("createdFor"));
      case "revokeOwnSession" -> sessions.revokeOwnSessionWithHttpInfo(sessionId());
      case "listNetworks" -> networks.listNetworksWithHttpInfo(
          text("name"), text("namePattern"), text("sortField"), text("sortOrder"), take(), number("skip"),
          text("after"));
      case "countNetworks" -> networks.countNetworksWithHttpInfo(text("name"), text("namePattern"));
      case "createNetwork" -> networks.createNetworkWithHttpInfo(body(new CreateScope()));
      case "getNetwork" -> networks.getNetworkWithHttpInfo(id(), ifMatch, ifNoneMatch);
      case "updateNetwork" -> networks.updateNetworkWithHttpInfo(id(), ifMatch, ifNoneMatch, body(new UpdateScope()));
      case "deleteNetwork" -> networks.deleteNetworkWithHttpInfo(id(), force(), ifMatch, ifNoneMatch);
      case "getUserNetwork" -> networks.getUserNetworkWithHttpInfo(id(), number("networkId"));
      case "assignNetwork" -> networks.assignNetworkWithHttpInfo(id(), number("networkId"));
      case "unassignNetwork" -> networks.unassignNetworkWithHttpInfo(id(), number("networkId"));
      case "listDeviceTypes" -> deviceTypes.listDeviceTypesWithHttpInfo(
          text("name"), text("namePattern"), text("sortField"), text("sortOrder"), take(), number("skip"),
          text("after"));
      case "countDeviceTypes" -> deviceTypes.countDeviceTypesWithHttpInfo(text("name"), text("namePattern"));
      case "createDeviceType" -> deviceTypes.createDeviceTypeWithHttpInfo(body(new CreateScope()));
      case "getDeviceType" -> deviceTypes.getDeviceTypeWithHttpInfo(id(), ifMatch, ifNoneMatch);
      case "updateDeviceType" ->
          deviceTypes.updateDeviceTypeWithHttpInfo(id(), ifMatch, ifNoneMatch, body(new UpdateScope()));
      case "deleteDeviceType" ->
          deviceTypes.deleteDeviceTypeWithHttpInfo(id(), force(), ifMatch, ifNoneMatch);
      case "listUserDeviceTypes" -> deviceTypes.listUserDeviceTypesWithHttpInfo(id());
      case "assignAllDeviceTypes" -> deviceTypes.assignAllDeviceTypesWithHttpInfo(id());
      case "unassignAllDeviceTypes" -> deviceTypes.unassignAllDeviceTypesWithHttpInfo(id());
      case "getUserDeviceType" -> deviceTypes.getUserDeviceTypeWithHttpInfo(id(), number("deviceTypeId"));
      case "assignDeviceType" -> deviceTypes.assignDeviceTypeWithHttpInfo(id(), number("deviceTypeId"));
      case "unassignDeviceType" -> deviceTypes.unassignDeviceTypeWithHttpInfo(id(), number("deviceTypeId"));
      case "listEvents" -> events.listEventsWithHttpInfo(
          type(), text("subject"), number("actor"), parameter("since", OffsetDateTime::parse),
          parameter("until", OffsetDateTime::parse), take(), number("after"));
      case "getConfiguration" -> configuration.getConfigurationWithHttpInfo(text("name"));
      case "setConfiguration" ->
          configuration.setConfigurationWithHttpInfo(text("name"), body(new SetConfiguration()));
      case "deleteConfiguration" -> configuration.deleteConfigurationWithHttpInfo(text("name"));
      case "getInfo" -> operation.getInfoWithHttpInfo();
      case "getCacheInfo" -> operation.getCacheInfoWithHttpInfo();
      case "getLiveness" -> operation.getLivenessWithHttpInfo();
      case "getReadiness" -> operation.getReadinessWithHttpInfo();
      default -> throw new IllegalArgumentException("no operation " + request.get("operation"));
    };
  }

  /** The body: a new object of the generated class, on which the members that are set are set; null if there is none. */
  private <T> T body(T empty) throws IOException {
    return request.has("body")
        ? client.getObjectMapper().readerForUpdating(empty).<T>readValue(request.get("body"))
        : null;
  }

  /** A parameter, or null if it is not set. */
  private <T> T parameter(String name, Function<String, T> read) {
    JsonNode value = request.path("parameters").path(name);
    return value.isMissingNode() ? null : read.apply(value.asText());
  }

  private String text(String name) {
    return parameter(name, Function.identity());
  }

  private Long number(String name) {
    return parameter(name, Long::valueOf);
  }

  private Long id() {
    return number("id");
  }

  private Integer take() {
    return parameter("take", Integer::valueOf);
  }

  private UUID sessionId() {
    return parameter("sessionId", UUID::fromString);
  }

  private UserRole role() {
    return parameter("role", value -> UserRole.fromValue(Integer.valueOf(value)));
  }

  private EventType type() {
    return parameter("type", EventType::fromValue);
  }

  private Boolean force() {
    return parameter("force", Boolean::valueOf);
  }

  private UserStatus status() {
    return parameter("status", value -> UserStatus.fromValue(Integer.valueOf(value)));
  }
}
