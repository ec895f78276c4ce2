#include "socket.h"

#include <errno.h>

#ifdef __linux__
/* The C library's own header ends before the values that came after Linux 2.6. */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

int socket_measure(int file, struct socket_path *path) {
    struct tcp_info info;
    memset(&info, 0, sizeof info);
    socklen_t length = sizeof info;
    if (getsockopt(file, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return -errno;
    /* An older kernel answers with less. */
    if (length < offsetof(struct tcp_info, tcpi_data_segs_out) + sizeof info.tcpi_data_segs_out) return -ENOSYS;
    path->round_trip_us = info.tcpi_rtt;
    path->variation_us = info.tcpi_rttvar;
    path->least_round_trip_us = info.tcpi_min_rtt;
    path->segments_sent = info.tcpi_data_segs_out;
    path->retransmitted = info.tcpi_total_retrans;
    path->data_age_ms = info.tcpi_last_data_recv;
    path->acknowledgement_age_ms = info.tcpi_last_ack_recv;
    path->bytes_acknowledged = info.tcpi_bytes_acked;
    return 0;
}
#else
int socket_measure(int file, struct socket_path *path) {
    (void)file;
    (void)path;
    return -ENOSYS;
}
#endif
