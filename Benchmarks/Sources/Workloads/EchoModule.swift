import Application
import Kernel
import NIOCore
import Wire

/// The application module of the measured nodes: one end asks, the other answers. Numbers tell the two kinds of
/// question apart.
struct EchoModule: WorkloadPolicy {
    typealias Messages = TrafficMessage

    private static let echo: UInt64 = 1
    private static let batched: UInt64 = 2

    /// Present at the end that asks.
    private let done: EventLoopPromise<Measured>?
    private var meter: ExchangeMeter
    private var inBatch = 0
    private let padding: UInt32
    private let batch: Int
    var state = NoState()

    init(_ plan: Exchange, done: EventLoopPromise<Measured>?) {
        self.done = done
        meter = ExchangeMeter(plan)
        padding = Self.padding(for: plan.frameBytes)
        batch = plan.batch
    }

    mutating func linkUp(_ link: Link, _ context: inout Context) {
        guard done != nil else { return }
        let step = meter.start()
        take(step, link.id, &context)
    }

    mutating func received(_ message: TrafficMessage, from link: LinkID, _ context: inout Context) {
        switch message {
        case .request(Self.echo, _): context.reply(Messages.reply(id: Self.echo, padding: padding), to: link)
        case .request:
            inBatch += 1
            guard inBatch == batch else { return }
            inBatch = 0
            context.reply(Messages.reply(id: Self.batched, padding: 0), to: link)
        case .reply:
            let step = meter.answered()
            take(step, link, &context)
        }
    }

    private func take(_ step: ExchangeMeter.Step, _ link: LinkID, _ context: inout Context) {
        switch step {
        case .frame: context.send(Messages.request(id: Self.echo, padding: padding), over: link)
        case .batches(let batches):
            for _ in 0..<batches * batch {
                context.send(Messages.request(id: Self.batched, padding: padding), over: link)
            }
        case .wait: break
        case .done: done?.succeed(meter.result)
        }
    }

    /// What makes a frame of the size that every contender sends.
    private static func padding(for frameBytes: Int) -> UInt32 {
        // The padding says its own length, in more bytes where it is long.
        var padding = UInt32(frameBytes)
        while Message(Messages.request(id: echo, padding: padding)).encodedSize > frameBytes { padding -= 1 }
        return padding
    }
}
