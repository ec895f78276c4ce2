import Wire

/// The accepted connections that are on their way to being up, by the address they came from (IPv6: its /64).
///
/// They are kept apart from all other sockets: who has to give way is a question of those few, which `accept_limit`
/// bounds, whatever number of links is up.
struct Doorway {
    /// Those of each address, oldest first. For look-up, and for a maximum that no order of the keys changes.
    private typealias Crowds = [IPAddress: [LinkConnection]]

    private var strangers: Crowds = [:]
    private var masternodes: Crowds = [:]
    private(set) var count = 0
    /// Those of them that came from an address of a masternode.
    private(set) var countOfMasternodes = 0

    /// Gives a connection a place.
    mutating func enter(_ connection: LinkConnection) {
        guard !connection.isAtDoor, let site = connection.remote?.ip.site else { return }
        connection.isAtDoor = true
        count += 1
        if connection.isOfMasternode {
            countOfMasternodes += 1
            masternodes[site, default: []].append(connection)
        } else {
            strangers[site, default: []].append(connection)
        }
    }

    /// Takes back the place of a connection, where it has one.
    mutating func leave(_ connection: LinkConnection) {
        guard connection.isAtDoor, let site = connection.remote?.ip.site else { return }
        connection.isAtDoor = false
        count -= 1
        if connection.isOfMasternode {
            countOfMasternodes -= 1
            Self.remove(connection, at: site, from: &masternodes)
        } else {
            Self.remove(connection, at: site, from: &strangers)
        }
    }

    /// Who goes first where there is no room for a connection of this address: the oldest of the address that has the
    /// most, if the newcomer's is left with fewer even so. Strangers give way to any masternode; nil where nobody has to.
    ///
    /// It is the rule that `single-link` has for handshakes, for those that the node has not heard of yet, or is done with.
    func makesWay(for address: IPAddress, ofMasternode isKnown: Bool) -> LinkConnection? {
        let crowd = isKnown && strangers.isEmpty ? masternodes : strangers
        guard let loudest = Self.loudest(of: crowd), let oldest = loudest.first else { return nil }
        let yields = isKnown && !strangers.isEmpty
        let own = crowd[address.site]?.count ?? 0
        return yields || loudest.count > own + 1 ? oldest : nil
    }

    /// Those of the address that has the most. Of two addresses with as many, the one whose oldest came first.
    private static func loudest(of crowd: Crowds) -> [LinkConnection]? {
        crowd.values.max { ($0.count, $1[0].serial) < ($1.count, $0[0].serial) }
    }

    private static func remove(
        _ connection: LinkConnection, at site: IPAddress, from crowd: inout Crowds
    ) {
        crowd[site]?.removeAll { $0 === connection }
        if crowd[site]?.isEmpty == true { crowd[site] = nil }
    }
}
