#!/usr/bin/env bash
# Makes a development CA and a server certificate that it signed. Never for production: see README.md.
#
#   certs/make.sh [--dir DIR] [--days N] [--renew] [--client NAME] [NAME…]
#
#   NAME            a DNS name or IP address of the server (default: localhost 127.0.0.1 ::1 patless.patless.svc)
#   --dir DIR       where the files go (default: certs/development)
#   --days N        how long a new certificate lasts (default: 30)
#   --renew         sign a new server certificate although the old one would do
#   --client NAME   also make a client certificate with this common name: NAME.crt and NAME.key
#
# Writes ca.crt, ca.key, tls.crt and tls.key. What is there and still good is kept: a second call changes nothing.
set -euo pipefail

fail() { echo "certs/make.sh: $*" >&2; exit 64; }

dir=$(dirname "$0")/development days=30 renew= client= names=()
while (($#)); do
  case $1 in
    --dir | --days | --client)
      (($# > 1)) || fail "$1 needs a value"
      declare "${1#--}=$2"; shift 2 ;;
    --renew) renew=yes; shift ;;
    -h | --help) sed -n '2,/^set /{/^set /d; s/^# \{0,1\}//; p}' "$0"; exit ;;
    -*) fail "unknown option $1; try --help" ;;
    *) names+=("$1"); shift ;;
  esac
done
((${#names[@]})) || names=(localhost 127.0.0.1 ::1 patless.patless.svc)
[[ $days =~ ^[1-9][0-9]*$ ]] || fail "--days wants a whole number of days, not '$days'"
[[ $client =~ ^[A-Za-z0-9._-]*$ ]] || fail "--client wants a plain name, not '$client': it becomes a file name"
command -v openssl >/dev/null || fail "openssl is not installed"

mkdir -p "$dir"
work=$(mktemp -d "$dir/.new.XXXXXX"); trap 'rm -rf "$work"' EXIT
umask 077   # a key is born with mode 0600; certificates are opened up below

is_address() { [[ $1 == *:* || $1 =~ ^[0-9.]+$ ]]; }
lasts() { openssl x509 -in "$1" -noout -checkend 86400 >/dev/null 2>&1; }   # a day from now, too

# issue NAME SUBJECT EXTENSION… [-- OPENSSL ARGUMENT…]: a new P-256 key and its certificate, moved in when both are whole
issue() {
  local name=$1 subject=$2 config; shift 2
  config=$'distinguished_name = dn\nx509_extensions = ext\n[dn]\n[ext]\nsubjectKeyIdentifier = hash\n'
  while (($#)) && [[ $1 != -- ]]; do config+=$1$'\n'; shift; done
  shift || true
  openssl req -x509 -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 -days "$days" \
    -config <(echo "$config") -subj "$subject" -keyout "$work/$name.key" -out "$work/$name.crt" "$@" 2>"$work/log" ||
    { cat "$work/log" >&2; fail "openssl could not make $name.crt (OpenSSL 3.0 or later is needed)"; }
  chmod 644 "$work/$name.crt"
  mv "$work/$name.key" "$dir/$name.key"
  mv "$work/$name.crt" "$dir/$name.crt"
  echo "made $dir/$name.crt: ${subject#/CN=}, $days days" >&2
}

signed_by_ca() { [[ -f $1 ]] && openssl verify -CAfile "$dir/ca.crt" "$1" >/dev/null 2>&1; }
covers() { # CERTIFICATE NAME
  local check=-checkhost; is_address "$2" && check=-checkip
  openssl x509 -in "$1" -noout "$check" "$2" | grep -q 'does match'
}
server_is_good() {
  [[ -f $dir/tls.key ]] && signed_by_ca "$dir/tls.crt" && lasts "$dir/tls.crt" || return 1
  local name; for name in "${names[@]}"; do covers "$dir/tls.crt" "$name" || return 1; done
}

if [[ ! -f $dir/ca.key ]] || ! lasts "$dir/ca.crt"; then
  issue ca "/CN=patless development CA" 'basicConstraints = critical, CA:TRUE' 'keyUsage = critical, keyCertSign, cRLSign'
fi
by_ca=(-- -CA "$dir/ca.crt" -CAkey "$dir/ca.key")

if [[ $renew ]] || ! server_is_good; then
  san=
  for name in "${names[@]}"; do
    if is_address "$name"; then san+=,IP:$name; else san+=,DNS:$name; fi
  done
  issue tls "/CN=${names[0]}" 'basicConstraints = critical, CA:FALSE' 'keyUsage = critical, digitalSignature' \
    'extendedKeyUsage = serverAuth' "subjectAltName = ${san#,}" "${by_ca[@]}"
fi

if [[ $client ]] && { [[ ! -f $dir/$client.key ]] || ! signed_by_ca "$dir/$client.crt" || ! lasts "$dir/$client.crt"; }; then
  issue "$client" "/CN=$client" 'basicConstraints = critical, CA:FALSE' 'keyUsage = critical, digitalSignature' \
    'extendedKeyUsage = clientAuth' "subjectAltName = DNS:$client" "${by_ca[@]}"
fi
