#define _GNU_SOURCE
#include "openssl_tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { OPENSSL_REFUSED = -1 };

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

// Any certificate will do: the handshake proves that the other end holds its key, and that is all that is asked.
static int take_any(X509_STORE_CTX *store, void *unused) {
    (void)store;
    (void)unused;
    return 1;
}

static X509 *make_certificate(EVP_PKEY *key) {
    X509 *certificate = X509_new();
    if (certificate == NULL) return NULL;
    X509_NAME *name = X509_get_subject_name(certificate);
    if (X509_set_version(certificate, X509_VERSION_3) != 1
        || ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) != 1
        || X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) == NULL
        || X509_gmtime_adj(X509_getm_notAfter(certificate), 86400) == NULL
        || X509_set_pubkey(certificate, key) != 1
        || X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"benchmark", -1, -1, 0) != 1
        || X509_set_issuer_name(certificate, name) != 1 || X509_sign(certificate, key, NULL) == 0) {
        X509_free(certificate);
        return NULL;
    }
    return certificate;
}

static SSL_CTX *make_context(const SSL_METHOD *method) {
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    X509 *certificate = key != NULL ? make_certificate(key) : NULL;
    SSL_CTX *context = certificate != NULL ? SSL_CTX_new(method) : NULL;
    if (context != NULL) {
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
        SSL_CTX_set_cert_verify_callback(context, take_any, NULL);
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
        if (SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1
            || SSL_CTX_set1_sigalgs_list(context, "ed25519") != 1
            || SSL_CTX_set_session_id_context(context, (const unsigned char *)"b", 1) != 1
            || SSL_CTX_use_certificate(context, certificate) != 1 || SSL_CTX_use_PrivateKey(context, key) != 1) {
            SSL_CTX_free(context);
            context = NULL;
        }
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    return context;
}

// One step of a handshake: 1 done, 0 under way, OPENSSL_REFUSED.
static int step(SSL *end) {
    int result = SSL_do_handshake(end);
    if (result == 1) return 1;
    int reason = SSL_get_error(end, result);
    return reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE ? 0 : OPENSSL_REFUSED;
}

static int shake_hands(SSL *client, SSL *server) {
    int at_client = 0, at_server = 0;
    while (at_client != 1 || at_server != 1) {
        if (at_client != 1 && (at_client = step(client)) < 0) return OPENSSL_REFUSED;
        if (at_server != 1 && (at_server = step(server)) < 0) return OPENSSL_REFUSED;
    }
    return SSL_get0_peer_certificate(client) != NULL && SSL_get0_peer_certificate(server) != NULL ? 0
                                                                                                   : OPENSSL_REFUSED;
}

static int prepare(int fd) {
    int one = 1;
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0) return errno;
    return fcntl(fd, F_SETFL, O_NONBLOCK) == 0 ? 0 : errno;
}

static int connect_once(int listener, const struct sockaddr_in *address, SSL_CTX *to_dial, SSL_CTX *to_accept) {
    SSL *client = NULL, *server = NULL;
    int accepted = -1, failure = 0;
    int dialled = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (dialled < 0 || connect(dialled, (const struct sockaddr *)address, sizeof *address) != 0
        || (accepted = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) < 0) {
        failure = errno;
    }
    if (failure == 0) failure = prepare(dialled);
    if (failure == 0) failure = prepare(accepted);
    if (failure == 0) {
        client = SSL_new(to_dial);
        server = SSL_new(to_accept);
        if (client == NULL || server == NULL || SSL_set_fd(client, dialled) != 1 || SSL_set_fd(server, accepted) != 1) {
            failure = OPENSSL_REFUSED;
        } else {
            SSL_set_connect_state(client);
            SSL_set_accept_state(server);
            failure = shake_hands(client, server);
            SSL_shutdown(client);
            SSL_shutdown(server);
        }
    }
    SSL_free(client);
    SSL_free(server);
    if (accepted >= 0) close(accepted);
    if (dialled >= 0) close(dialled);
    return failure;
}

int openssl_handshakes(size_t count, uint64_t *elapsed) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    SSL_CTX *to_dial = make_context(TLS_client_method()), *to_accept = make_context(TLS_server_method());
    int failure = to_dial == NULL || to_accept == NULL ? OPENSSL_REFUSED : 0;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (failure == 0
        && (listener < 0 || bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 16) != 0
            || getsockname(listener, (struct sockaddr *)&address, &length) != 0)) {
        failure = errno;
    }
    uint64_t began = now();
    for (size_t done = 0; failure == 0 && done < count; done++) {
        failure = connect_once(listener, &address, to_dial, to_accept);
    }
    *elapsed = now() - began;
    if (listener >= 0) close(listener);
    SSL_CTX_free(to_dial);
    SSL_CTX_free(to_accept);
    return failure;
}

const char *openssl_version(void) { return OpenSSL_version(OPENSSL_VERSION); }
