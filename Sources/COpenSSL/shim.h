#pragma once
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// A macro gets a line, and no logic: Swift imports functions and simple constants only.

static inline int openssl_set_min_proto_version(SSL_CTX *context, int version) {
    return (int)SSL_CTX_set_min_proto_version(context, version);
}

static inline long openssl_set_mode(SSL_CTX *context, long mode) {
    return SSL_CTX_set_mode(context, mode);
}

static inline long openssl_set_read_ahead(SSL_CTX *context, int on) {
    return SSL_CTX_set_read_ahead(context, on);
}

static inline long openssl_set_session_cache_mode(SSL_CTX *context, long mode) {
    return SSL_CTX_set_session_cache_mode(context, mode);
}

static const uint64_t openssl_no_renegotiation = SSL_OP_NO_RENEGOTIATION;
static const uint64_t openssl_no_compression = SSL_OP_NO_COMPRESSION;
static const uint64_t openssl_cipher_server_preference = SSL_OP_CIPHER_SERVER_PREFERENCE;
