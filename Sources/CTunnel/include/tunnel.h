#pragma once

#include <poll.h>

/// Opens a TUN interface that lives in a network namespace; the caller's own namespace stays as it is.
///
/// @param space  path of the namespace, such as /var/run/netns/NAME
/// @param name   the interface's name, at most 15 bytes
/// @return a non-blocking descriptor that carries bare IP packets; a negative errno where that is refused
int tunnel_open(const char *space, const char *name);

/// Waits like poll(2), with a limit in nanoseconds below a second: a millisecond is too coarse for latencies.
int tunnel_wait(struct pollfd *files, int count, long nanoseconds);
