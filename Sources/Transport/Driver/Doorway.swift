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
    /// most within the network (/24, IPv6 /48) that has the most, if the newcomer's is left with fewer even so; else the
    /// same among the addresses of its own network. Strangers give way to any masternode; nil where nobody has to.
    ///
    /// It is the rule that `single-link` has for handshakes, for those that the node has not heard of yet, or is done with.
    func makesWay(for address: IPAddress, ofMasternode isKnown: Bool) -> LinkConnection? {
        let crowds = isKnown && strangers.isEmpty ? masternodes : strangers
        let yields = isKnown && !strangers.isEmpty
        let networks = Self.groups(of: crowds, by: \.network)
        if let network = Self.loudest(networks, besides: yields ? nil : address.network) {
            return Self.oldest(ofLoudestIn: crowds.filter { $0.key.network == network }, besides: nil)
        }
        return Self.oldest(ofLoudestIn: crowds.filter { $0.key.network == address.network }, besides: address.site)
    }

    private static func oldest(ofLoudestIn crowds: Crowds, besides own: IPAddress?) -> LinkConnection? {
        loudest(groups(of: crowds, by: \.site), besides: own).flatMap { crowds[$0]?.first }
    }

    /// How many connections a group has, and the first of them.
    private struct Group {
        var count = 0
        var first = UInt64.max
    }

    private static func groups(of crowds: Crowds, by key: (IPAddress) -> IPAddress) -> [IPAddress: Group] {
        var groups: [IPAddress: Group] = [:]
        for (site, connections) in crowds {
            var group = groups[key(site)] ?? Group()
            group.count += connections.count
            group.first = min(group.first, connections[0].serial)
            groups[key(site)] = group
        }
        return groups
    }

    /// The group with the most connections, nil unless it has two more than `own`. Of equals, the one whose oldest came
    /// first.
    private static func loudest(_ groups: [IPAddress: Group], besides own: IPAddress?) -> IPAddress? {
        let most = groups.max { ($0.value.count, $1.value.first) < ($1.value.count, $0.value.first) }
        guard let most else { return nil }
        guard let own else { return most.key }
        return most.value.count > (groups[own]?.count ?? 0) + 1 ? most.key : nil
    }

    private static func remove(
        _ connection: LinkConnection, at site: IPAddress, from crowd: inout Crowds
    ) {
        crowd[site]?.removeAll { $0 === connection }
        if crowd[site]?.isEmpty == true { crowd[site] = nil }
    }
}
