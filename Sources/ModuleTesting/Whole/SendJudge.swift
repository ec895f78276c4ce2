import Kernel
import Lab
import Wire

/// Sees every message of the module's channel in a run, and whether its link was up.
final class SendJudge {
    private let watch: Watch
    private let channel: Channel
    private var up: [String: [LinkID]] = [:]
    private var current: LinkID?

    init(watch: Watch, channel: Channel) {
        self.watch = watch
        self.channel = channel
    }

    func see(_ record: TraceRecord) {
        switch record.content {
        case .input(.start): up[record.host] = []
        case .input(.received(let link, _)): current = link
        case .input: current = nil
        case .effect(.observe(.linkUp(let link, _, _, _))): up[record.host, default: []].append(link)
        case .effect(.observe(.linkEnded(let link, _, _, _, _, _, _))): up[record.host]?.removeAll { $0 == link }
        case .effect(.send(let link, let message)) where message.channel == channel:
            if up[record.host]?.contains(link) != true { report(link, record) }
        case .effect(.observe(.messageDropped(let link, let channel, .notUp))) where channel == self.channel:
            // A peer that is up a moment before us may speak first: that message is not the module's.
            if let link, link != current { report(link, record) }
        case .effect, .process, .admitted: break
        }
    }

    private func report(_ link: LinkID, _ record: TraceRecord) {
        watch.report(
            .legalUse,
            "in a whole node, at \(record.time / 1_000_000_000) s, the module sent over link \(link)\(watch.place), which was not up"
        )
    }
}
