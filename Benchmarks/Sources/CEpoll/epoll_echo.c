#define _GNU_SOURCE
#include "epoll_echo.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

// One end, with what it has read of the frame that has begun and what it still has to write.
struct end {
    int fd;
    size_t read;
    size_t to_write;
};

struct pair {
    int epoll;
    struct end client, server;
};

static int prepare(int epoll, struct end *end) {
    int one = 1;
    if (setsockopt(end->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0) return errno;
    if (fcntl(end->fd, F_SETFL, O_NONBLOCK) != 0) return errno;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data = {.ptr = end}};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, end->fd, &event) == 0 ? 0 : errno;
}

static void close_pair(struct pair *pair) {
    if (pair->client.fd >= 0) close(pair->client.fd);
    if (pair->server.fd >= 0) close(pair->server.fd);
    if (pair->epoll >= 0) close(pair->epoll);
}

static int open_pair(struct pair *pair) {
    memset(pair, 0, sizeof *pair);
    pair->client.fd = pair->server.fd = pair->epoll = -1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) return errno;
    int failure = 0;
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 1) != 0
        || getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
        failure = errno;
    } else if ((pair->client.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0
        || connect(pair->client.fd, (struct sockaddr *)&address, sizeof address) != 0
        || (pair->server.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) < 0
        || (pair->epoll = epoll_create1(EPOLL_CLOEXEC)) < 0) {
        failure = errno;
    } else {
        failure = prepare(pair->epoll, &pair->client);
        if (failure == 0) failure = prepare(pair->epoll, &pair->server);
    }
    close(listener);
    if (failure != 0) close_pair(pair);
    return failure;
}

// Writes what waits, as far as the socket takes it.
static int write_on(struct end *end, const char *bytes, size_t capacity) {
    while (end->to_write > 0) {
        size_t part = end->to_write < capacity ? end->to_write : capacity;
        ssize_t count = send(end->fd, bytes, part, MSG_NOSIGNAL);
        if (count < 0) return errno == EAGAIN ? 0 : errno;
        end->to_write -= (size_t)count;
    }
    return 0;
}

// Reads all there is and adds it to `end->read`.
static int read_on(struct end *end, char *bytes, size_t capacity) {
    for (;;) {
        ssize_t count = recv(end->fd, bytes, capacity, 0);
        if (count == 0) return ECONNRESET;
        if (count < 0) return errno == EAGAIN ? 0 : errno;
        end->read += (size_t)count;
        if ((size_t)count < capacity) return 0;
    }
}

int epoll_round_trips(size_t frame_bytes, size_t warm_up, size_t count, uint64_t *samples) {
    struct pair pair;
    int failure = open_pair(&pair);
    if (failure != 0) return failure;
    char *bytes = calloc(1, 65536);
    if (bytes == NULL) failure = ENOMEM;
    size_t done = 0, total = warm_up + count;
    uint64_t sent = now();
    pair.client.to_write = frame_bytes;
    if (failure == 0) failure = write_on(&pair.client, bytes, 65536);
    while (failure == 0 && done < total) {
        struct epoll_event events[2];
        int ready = epoll_wait(pair.epoll, events, 2, 5000);
        if (ready <= 0) failure = ready == 0 ? ETIMEDOUT : errno;
        for (int index = 0; index < ready && failure == 0; index++) {
            struct end *end = events[index].data.ptr;
            failure = read_on(end, bytes, 65536);
            while (failure == 0 && end->read >= frame_bytes) {
                end->read -= frame_bytes;
                if (end == &pair.client) {
                    uint64_t at = now();
                    if (done >= warm_up && done < total) samples[done - warm_up] = at - sent;
                    done++;
                    sent = at;
                }
                end->to_write += frame_bytes;
            }
            if (failure == 0) failure = write_on(end, bytes, 65536);
        }
    }
    free(bytes);
    close_pair(&pair);
    return failure;
}

int epoll_one_way(size_t batch_bytes, size_t ack_bytes, size_t window, size_t batches, uint64_t *elapsed) {
    struct pair pair;
    int failure = open_pair(&pair);
    if (failure != 0) return failure;
    size_t capacity = batch_bytes > 65536 ? batch_bytes : 65536;
    char *bytes = calloc(1, capacity);
    if (bytes == NULL) failure = ENOMEM;
    size_t posted = window < batches ? window : batches, acknowledged = 0;
    uint64_t began = now();
    pair.client.to_write = posted * batch_bytes;
    if (failure == 0) failure = write_on(&pair.client, bytes, batch_bytes);
    while (failure == 0 && acknowledged < batches) {
        struct epoll_event events[2];
        int ready = epoll_wait(pair.epoll, events, 2, 5000);
        if (ready <= 0) failure = ready == 0 ? ETIMEDOUT : errno;
        for (int index = 0; index < ready && failure == 0; index++) {
            struct end *end = events[index].data.ptr;
            failure = read_on(end, bytes, capacity);
            size_t unit = end == &pair.client ? ack_bytes : batch_bytes;
            while (failure == 0 && end->read >= unit) {
                end->read -= unit;
                if (end == &pair.server) {
                    end->to_write += ack_bytes;
                } else {
                    acknowledged++;
                    if (posted < batches) {
                        posted++;
                        end->to_write += batch_bytes;
                    }
                }
            }
            if (failure == 0) failure = write_on(end, bytes, batch_bytes);
        }
    }
    *elapsed = now() - began;
    free(bytes);
    close_pair(&pair);
    return failure;
}
