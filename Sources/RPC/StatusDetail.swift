/// What of a status a request shows, so that nobody measures for nothing.
public enum StatusDetail: Sendable, Hashable, CaseIterable {
    /// Counters and states: what a load balancer or a monitor asks for, many times a minute.
    case figures
    /// What the host's TCP says of each link, too: a system call a link.
    case links
}
