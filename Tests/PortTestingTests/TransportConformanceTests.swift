import Application
import Kernel
import ModuleTesting
import Profile
import Testing
import Transport
import Wire

@testable import PortTesting

@Suite("The conformance kit for transports")
struct TransportConformanceTests {
    @Test("every shipped transport conforms", arguments: [TCPTransport.descriptor, TLSTransport.descriptor])
    func shipped(_ descriptor: ModuleDescriptor) async throws {
        try await TransportConformance(descriptor).run().expectConforming()
    }

    /// A driver that tells something else than what happened.
    enum Fault: String, CaseIterable, Sendable {
        case opensNothing
        case callsRefusalsSomethingElse
        case losesMessages
        case swapsMessages
        case endsWithTheFirstEndOfStream
        case swallowsTheLastWord
        case callsResetsSomethingElse
        case hidesFullQueues
        case endsForAnotherReason

        func change(_ entry: PortJournal.Entry) -> [PortJournal.Entry] {
            switch (self, entry) {
            case (.opensNothing, .accepted): []
            case (.callsRefusalsSomethingElse, .dialFailed(let link, _)): [.dialFailed(link, .other)]
            case (.losesMessages, .received(_, let message)) where message.hasID(1007, .request): []
            case (.swapsMessages, .received(let link, let message)) where message.hasID(1007, .request):
                [.received(link, Message(TrafficMessage.request(id: 1008, padding: 0)))]
            case (.endsWithTheFirstEndOfStream, .received(_, let message)) where message.hasID(77, .reply): []
            case (.swallowsTheLastWord, .received(_, .goodbye)): []
            case (.callsResetsSomethingElse, .ended(let link, .failed)): [.ended(link, .failed(.transportFailed))]
            case (.hidesFullQueues, .event(.messageDropped)): []
            case (.endsForAnotherReason, .ended(let link, .failed(.queueFull))): [.ended(link, .failed(.reset))]
            default: [entry]
            }
        }
    }

    static let faults: [(Fault, ConformanceRule)] = [
        (.opensNothing, .connecting), (.callsRefusalsSomethingElse, .connecting), (.losesMessages, .delivery),
        (.swapsMessages, .delivery), (.endsWithTheFirstEndOfStream, .halfClose), (.swallowsTheLastWord, .reasons),
        (.callsResetsSomethingElse, .reasons), (.hidesFullQueues, .backPressure),
        (.endsForAnotherReason, .backPressure),
    ]

    @Test("what is not told as it should be is found", arguments: faults)
    func tampered(_ fault: Fault, _ rule: ConformanceRule) async throws {
        let options = try Options.defaults(of: TCPTransport.descriptor.spec.options)
            .setting("send_queue", to: .bytes(1 << 20))
        let kit = TransportConformance(TCPTransport.descriptor, options: options, patience: .seconds(3)) {
            fault.change($0)
        }
        let report = try await kit.run()
        #expect(report.violations.contains { $0.rule == rule }, "\(report)")
    }

    @Test("a module without bounds is found before it is run")
    func unbounded() async throws {
        func descriptor(_ timeout: Duration, _ queue: Int) -> ModuleDescriptor {
            ModuleDescriptor(
                spec: ModuleSpec(
                    role: Role.transport.rawValue, id: "wayward", version: "1", stability: .development,
                    summary: "breaks one rule", posture: "for tests", options: OptionSpec([])
                ),
                factory: .transport { _ in
                    TransportPort(
                        listen: Endpoint(ip: IPAddress(version4: 0), port: 0), security: .plain,
                        connectTimeout: timeout,
                        sendQueueBytes: queue
                    )
                }
            )
        }
        let endless = try await TransportConformance(descriptor(.seconds(86_400), 1 << 20)).run()
        #expect(endless.violations.map(\.rule) == [.connecting])
        let boundless = try await TransportConformance(descriptor(.seconds(10), .max)).run()
        #expect(boundless.violations.map(\.rule) == [.backPressure])
    }

    @Test("no rule is without a fault that breaks it", arguments: TransportConformance.rules)
    func everyRule(_ rule: ConformanceRule) { #expect(Self.faults.contains { $0.1 == rule }) }
}

extension Message {
    /// Whether it is a message of declared load with this number: field 1, a number of one or two bytes.
    fileprivate func hasID(_ id: Int, _ kind: TrafficMessage.Kind) -> Bool {
        guard case .module(let envelope) = self, envelope.kind == kind.rawValue else { return false }
        return envelope.body.starts(with: id < 128 ? [8, UInt8(id)] : [8, UInt8(id & 127 | 128), UInt8(id >> 7)])
    }
}
