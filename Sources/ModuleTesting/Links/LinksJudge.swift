import Kernel
import Wire

/// What has to hold of a node's links at any moment.
struct LinksJudge {
    let watch: Watch

    func judge(
        _ links: LinkTable, at now: Instant, routes: (Identity) -> LinkID?, replies: (LinkID) -> LinkID?
    ) {
        var peers: [Identity] = []
        for link in links.up {
            guard let peer = link.peer else { continue }
            if peers.contains(peer) {
                watch.report(.oneLink, "at \(now) there are two links up with \(peer)")
            } else {
                peers.append(peer)
            }
            let reply = replies(link.id)
            if reply != link.id {
                let other = reply.map { "over \($0)" } ?? "over none"
                watch.report(.routing, "at \(now) the answer to a message of \(link.id) goes \(other)")
            }
        }
        for member in StageNetwork.view.masternodes + peers.map({ .init(name: "", identity: $0, endpoint: nil) }) {
            guard let route = routes(member.identity) else { continue }
            let link = links[route]
            guard link?.phase != .up || link?.peer != member.identity else { continue }
            let what = link.map { $0.phase == .up ? "a link with another peer" : "a link that is not up" }
            watch.report(.routing, "at \(now) \(member.identity) is routed over \(route), \(what ?? "which has ended")")
        }
    }
}
