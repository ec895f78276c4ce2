import NIOCore
import Synchronization

/// The places of a server's connections, so that clients who hold theirs without asking keep nobody out.
///
/// Sixty-four connections are served at a time. Whoever comes beyond that takes the place of the one that has waited longest
/// between two requests. Where none waits, sixteen more places are there for health checks alone.
final class ConnectionRoom: Sendable {
    static let places = 64
    static let placesForHealth = 16

    /// A place that a connection holds.
    struct Place: Sendable, Hashable {
        let number: UInt64
        let isForHealthAlone: Bool
    }

    private struct Guest {
        let channel: any NIOCore.Channel
        let isForHealthAlone: Bool
        /// When it began to wait for a request; nil while it has one.
        var waitsSince: ContinuousClock.Instant?
    }

    private struct State {
        var guests: [UInt64: Guest] = [:]
        var next: UInt64 = 1
        var isClosed = false
    }

    private let state = Mutex(State())

    /// A place for a connection; nil where there is none.
    func enter(_ channel: any NIOCore.Channel) -> Place? {
        let (place, evicted) = state.withLock { state -> (Place?, (any NIOCore.Channel)?) in
            guard !state.isClosed else { return (nil, nil) }
            for (limit, isForHealthAlone) in [(Self.places, false), (Self.placesForHealth, true)] {
                let held = state.guests.values.count { $0.isForHealthAlone == isForHealthAlone }
                var evicted: (any NIOCore.Channel)?
                if held >= limit {
                    guard let oldest = Self.longestWaiting(state, isForHealthAlone) else { continue }
                    evicted = state.guests.removeValue(forKey: oldest)?.channel
                }
                let place = Place(number: state.next, isForHealthAlone: isForHealthAlone)
                state.next += 1
                state.guests[place.number] = Guest(
                    channel: channel, isForHealthAlone: isForHealthAlone, waitsSince: .now
                )
                return (place, evicted)
            }
            return (nil, nil)
        }
        evicted?.close(promise: nil)
        return place
    }

    private static func longestWaiting(_ state: State, _ isForHealthAlone: Bool) -> UInt64? {
        state.guests.lazy.compactMap { number, guest in
            guest.isForHealthAlone == isForHealthAlone ? guest.waitsSince.map { ($0, number) } : nil
        }.min { $0 < $1 }?.1
    }

    /// A connection has a request, or waits for the next one.
    func note(_ place: Place, isWaiting: Bool) {
        state.withLock { $0.guests[place.number]?.waitsSince = isWaiting ? .now : nil }
    }

    func leave(_ place: Place) {
        state.withLock { _ = $0.guests.removeValue(forKey: place.number) }
    }

    /// Closes every connection, and takes none any more.
    func close() {
        let channels = state.withLock { state in
            state.isClosed = true
            defer { state.guests = [:] }
            return state.guests.values.map(\.channel)
        }
        for channel in channels { channel.close(promise: nil) }
    }
}
