#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How many files and sockets the process may have open.
public enum DescriptorLimit {
    /// Nobody needs more, and some systems have no limit at all.
    private static let most: rlim_t = 65_536

    /// The limit as it is now; nil where the system does not say.
    static var current: Int? { limits.map { Int(clamping: min($0.rlim_cur, most)) } }

    /// Raises the limit to what the system lets this process have: the usual 1,024 are fewer than the peers and callers
    /// that a node has room for.
    public static func raise() {
        guard var limits, limits.rlim_cur < most else { return }
        limits.rlim_cur = min(limits.rlim_max, most)
        #if canImport(Glibc)
            _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        #else
            _ = setrlimit(RLIMIT_NOFILE, &limits)
        #endif
    }

    private static var limits: rlimit? {
        var limits = rlimit()
        #if canImport(Glibc)
            let result = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        #else
            let result = getrlimit(RLIMIT_NOFILE, &limits)
        #endif
        return result == 0 ? limits : nil
    }
}
