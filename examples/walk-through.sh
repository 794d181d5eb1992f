#!/usr/bin/env bash
# A day in the life of a user, with nothing but curl. Stops at the first answer that is not as expected.
#
#   ADMIN_PASSWORD=... BASE_URL=http://127.0.0.1:8080 examples/walk-through.sh
set -euo pipefail
BASE_URL=${BASE_URL:-http://127.0.0.1:8080}
ADMIN_LOGIN=${ADMIN_LOGIN:-admin}
: "${ADMIN_PASSWORD:?the password of $ADMIN_LOGIN}"
LOGIN="walker-$RANDOM$RANDOM"
TOKEN=''
ANSWER=''

# ask STATUS METHOD PATH [BODY]: one request, with $TOKEN if there is one. The body of the answer is in $ANSWER.
ask() {
  local expected=$1 method=$2 path=$3 body=${4:-} output status
  local args=(-sS -X "$method" -w '\n%{http_code}')
  if [ -n "$TOKEN" ]; then args+=(-H "Authorization: Bearer $TOKEN"); fi
  if [ -n "$body" ]; then args+=(-H 'Content-Type: application/json' --data-binary "$body"); fi
  output=$(curl "${args[@]}" "$BASE_URL$path")
  status=${output##*$'\n'}
  ANSWER=${output%$'\n'*}
  echo "$method $path: $status"
  if [ "$status" != "$expected" ]; then
    echo "expected $expected: $ANSWER" >&2
    exit 1
  fi
}

# pick NAME: a member of the last answer.
pick() { node -pe 'JSON.parse(process.argv[1])[process.argv[2]]' "$ANSWER" "$1"; }

echo '# The administrator signs in, makes a user and gives it a network'
ask 201 POST /token "{\"login\": \"$ADMIN_LOGIN\", \"password\": \"$ADMIN_PASSWORD\"}"
ADMIN_TOKEN=$(pick accessToken)
TOKEN=$ADMIN_TOKEN
ask 201 POST /user "{\"login\": \"$LOGIN\", \"role\": 1, \"password\": \"correct horse battery\"}"
ID=$(pick id)
ask 204 PUT "/user/$ID/network/1"
ask 204 PUT "/user/$ID" '{"introReviewed": true}'

echo '# The user signs in, and changes what is its own'
TOKEN=''
ask 201 POST /token "{\"login\": \"$LOGIN\", \"password\": \"correct horse battery\"}"
REFRESH_TOKEN=$(pick refreshToken)
TOKEN=$(pick accessToken)
ask 204 PUT /user/current '{"data": {"theme": "dark"}}'
ask 200 GET /user/current
echo "$ANSWER"

echo '# It may not change what is not'
ask 403 PUT /user/current '{"role": 0}'
echo "$ANSWER"
ask 403 GET /user

echo '# A new access token for the refresh token; a new password ends the other sessions of the user'
USER_TOKEN=$TOKEN
TOKEN=''
ask 201 POST /token "{\"login\": \"$LOGIN\", \"password\": \"correct horse battery\"}"
OTHER_REFRESH_TOKEN=$(pick refreshToken)
ask 201 POST /token/refresh "{\"refreshToken\": \"$REFRESH_TOKEN\"}"
TOKEN=$USER_TOKEN
ask 204 PUT /user/current '{"oldPassword": "correct horse battery", "password": "an even better one"}'
TOKEN=''
ask 401 POST /token/refresh "{\"refreshToken\": \"$OTHER_REFRESH_TOKEN\"}"
ask 201 POST /token/refresh "{\"refreshToken\": \"$REFRESH_TOKEN\"}"

echo '# Disabled, its next request is refused; then it is deleted'
TOKEN=$ADMIN_TOKEN
ask 204 PUT "/user/$ID" '{"status": 2}'
TOKEN=$USER_TOKEN
ask 401 GET /user/current
TOKEN=$ADMIN_TOKEN
ask 204 DELETE "/user/$ID"
echo 'Done.'
