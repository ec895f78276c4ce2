// TLS handshakes with OpenSSL: both ends of loopback TCP connections on one thread, TLS 1.3, a certificate with an
// Ed25519 key at both ends, no authorities.
#ifndef OPENSSL_TLS_H
#define OPENSSL_TLS_H

#include <stddef.h>
#include <stdint.h>

// Makes `count` connections one after the other, each with a full handshake that both ends finish, and writes the
// nanoseconds of the whole to `elapsed`. Returns 0, errno where a system call failed, or -1 where OpenSSL refused.
int openssl_handshakes(size_t count, uint64_t *elapsed);

// OpenSSL's name and version.
const char *openssl_version(void);

#endif
