import Kernel

/// The links that a node knows, by generation.
///
/// A turn mostly talks to and of one link, message after message, so the link found last is kept at hand.
struct ConnectionTable {
    /// Look-up only.
    private var connections: [LinkID: LinkConnection] = [:]
    private var newest: (id: LinkID, connection: LinkConnection)?

    var isEmpty: Bool { connections.isEmpty }

    /// The connection of a link, nil once the node is done with it.
    subscript(id: LinkID) -> LinkConnection? {
        mutating get {
            if let newest, newest.id == id { return newest.connection }
            guard let found = connections[id] else { return nil }
            newest = (id, found)
            return found
        }
    }

    mutating func insert(_ connection: LinkConnection, as id: LinkID) { connections[id] = connection }

    @discardableResult
    mutating func remove(_ id: LinkID) -> LinkConnection? {
        if newest?.id == id { newest = nil }
        return connections.removeValue(forKey: id)
    }
}
