#pragma once

#include <stdint.h>

/// What the kernel's TCP has measured on one connection (tcp(7), TCP_INFO).
struct socket_path {
    /// Smoothed round trip and its mean deviation, RFC 6298, in microseconds; 0 before the first measurement.
    uint32_t round_trip_us;
    uint32_t variation_us;
    /// The least round trip of the last five minutes, in microseconds.
    uint32_t least_round_trip_us;
    /// Segments with data sent since the connection opened, those sent again included. A lost acknowledgement is never
    /// sent again, so those would only thin the share of lost segments out.
    uint32_t segments_sent;
    /// Segments sent again since the connection opened.
    uint32_t retransmitted;
    /// Milliseconds since the other end sent data, and since it acknowledged anything.
    uint32_t data_age_ms;
    uint32_t acknowledgement_age_ms;
    /// Bytes that the other end's host has acknowledged since the connection opened.
    uint64_t bytes_acknowledged;
};

/// Asks the kernel about a connected TCP socket.
///
/// @return 0; a negative errno where the system refuses, and -ENOSYS where its answer lacks one of the values
int socket_measure(int file, struct socket_path *path);
