#define _GNU_SOURCE
#include "tunnel.h"

#include <errno.h>

#ifdef __linux__
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Makes the interface in the namespace that the thread is in. */
static int make(const char *name) {
    int file = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return -errno;
    struct ifreq request;
    memset(&request, 0, sizeof request);
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    if (ioctl(file, TUNSETIFF, &request) < 0) {
        int reason = -errno;
        close(file);
        return reason;
    }
    return file;
}

int tunnel_open(const char *space, const char *name) {
    /* A namespace belongs to a thread, so only this thread goes there and comes back. */
    int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (home < 0) return -errno;
    int there = open(space, O_RDONLY | O_CLOEXEC);
    if (there < 0) {
        int reason = -errno;
        close(home);
        return reason;
    }
    int result = setns(there, CLONE_NEWNET) < 0 ? -errno : make(name);
    close(there);
    if (setns(home, CLONE_NEWNET) < 0 && result >= 0) {
        int reason = -errno;
        close(result);
        result = reason;
    }
    close(home);
    return result;
}

int tunnel_wait(struct pollfd *files, int count, long nanoseconds) {
    struct timespec limit = {0, nanoseconds};
    return ppoll(files, (nfds_t)count, &limit, NULL);
}
#else
int tunnel_open(const char *space, const char *name) {
    (void)space;
    (void)name;
    return -ENOSYS;
}

int tunnel_wait(struct pollfd *files, int count, long nanoseconds) {
    return poll(files, (nfds_t)count, (int)(nanoseconds / 1000000));
}
#endif
