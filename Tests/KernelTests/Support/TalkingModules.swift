import Kernel
import Wire

/// Messages of a made-up consensus module: one kind that says a number, one that says a list.
enum VoteMessage: ModuleMessage {
    case vote(view: UInt64)
    case views([UInt64])

    enum Kind: UInt32, MessageKind {
        case vote = 1
        case views = 2

        var traits: MessageTraits {
            switch self {
            case .vote: MessageTraits("vote", limit: 16, sendClass: .urgent)
            case .views: MessageTraits("views", limit: 1024, sendClass: .bulk, cost: .block)
            }
        }
    }

    static let scope = MessageScope(.consensus, "voting")
    static let samples: [VoteMessage] = [.vote(view: 7), .views([1, 2, 300])]
    static let mostViews = 8

    var kind: Kind {
        switch self {
        case .vote: .vote
        case .views: .views
        }
    }

    var units: Int { if case .views(let views) = self { views.count } else { 1 } }

    var isWellFormed: Bool { if case .views(let views) = self { views.count <= Self.mostViews } else { true } }

    func write(to body: inout BodyWriter) {
        switch self {
        case .vote(let view): body.number(1, view)
        case .views(let views): for view in views { body.message(1) { $0.number(1, view) } }
        }
    }

    static func read(_ kind: Kind, from body: inout BodyReader) throws(MessageFault) -> VoteMessage {
        switch kind {
        case .vote: return .vote(view: try number(from: &body))
        case .views:
            var views: [UInt64] = []
            while let field = try body.next() {
                guard field == 1 else { continue }
                try body.append(to: &views, atMost: mostViews, "views") { item throws(MessageFault) in
                    try number(from: &item)
                }
            }
            return .views(views)
        }
    }

    private static func number(from body: inout BodyReader) throws(MessageFault) -> UInt64 {
        var number: UInt64 = 0
        while let field = try body.next() {
            if field == 1 { number = try body.number() }
        }
        return number
    }

    func describe(to fields: inout TraceFields) {
        switch self {
        case .vote(let view): fields.add("view", view)
        case .views(let views): fields.add("views", views.count)
        }
    }
}

/// Another consensus module's message with the same number and the same bytes.
enum RivalMessage: ModuleMessage {
    case claim(round: UInt64)

    enum Kind: UInt32, MessageKind {
        case claim = 1

        var traits: MessageTraits { MessageTraits("claim", limit: 16) }
    }

    static let scope = MessageScope(.consensus, "rival")
    static let samples: [RivalMessage] = [.claim(round: 7)]

    var kind: Kind { .claim }

    func write(to body: inout BodyWriter) {
        switch self {
        case .claim(let round): body.number(1, round)
        }
    }

    static func read(_ kind: Kind, from body: inout BodyReader) throws(MessageFault) -> RivalMessage {
        var round: UInt64 = 0
        while let field = try body.next() {
            if field == 1 { round = try body.number() }
        }
        return .claim(round: round)
    }
}

/// What modules of one role were told, in order.
final class Heard<Messages: ModuleMessage> {
    var messages: [Messages] = []
}

/// A consensus module that notes what it is told.
struct Listener<Spoken: ModuleMessage>: ConsensusPolicy {
    typealias Messages = Spoken

    let heard: Heard<Spoken>
    var state = NoState()
    var status: ChainStatus { ChainStatus(height: 0, hash: .genesis, activeMasternodes: 1) }

    mutating func received(_ message: Spoken, from link: LinkID, _ context: inout Context) {
        heard.messages.append(message)
    }
}
