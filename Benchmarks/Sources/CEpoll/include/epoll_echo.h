// The least that the host can do: both ends of one loopback TCP connection on one thread and one epoll instance.
// Both functions return 0, or errno where a system call failed.
#ifndef EPOLL_ECHO_H
#define EPOLL_ECHO_H

#include <stddef.h>
#include <stdint.h>

// Sends one frame there and back `count` times after `warm_up` more, and writes each round trip's nanoseconds to
// `samples`, which has room for `count`.
int epoll_round_trips(size_t frame_bytes, size_t warm_up, size_t count, uint64_t *samples);

// Sends `batches` batches of `batch_bytes`, each acknowledged by one frame of `ack_bytes`, never more than `window`
// of them under way, and writes the nanoseconds of the whole to `elapsed`.
int epoll_one_way(size_t batch_bytes, size_t ack_bytes, size_t window, size_t batches, uint64_t *elapsed);

#endif
