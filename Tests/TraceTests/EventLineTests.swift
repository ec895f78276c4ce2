import Foundation
import Kernel
import Testing
import Wire

@testable import Trace

@Suite("The event stream of a node") struct EventLineTests {
    private static func kind(_ event: Event) -> Int {
        switch event {
        case .dialStarted: 0
        case .dialFailed: 1
        case .dialLeftToPeer: 2
        case .handshakeBegun: 3
        case .linkUp: 4
        case .linkEnded: 5
        case .refused: 6
        case .takeover: 7
        case .probed: 8
        case .dialability: 9
        case .peerCheck: 10
        case .addressRefused: 11
        case .requestSent: 12
        case .requestAnswered: 13
        case .blockProduced: 14
        case .blockAccepted: 15
        case .ownSlotSkipped: 16
        case .reorganised: 17
        case .blockRejected: 18
        case .messageDropped: 19
        case .note: 20
        case .wanted: 21
        case .equivocated: 22
        case .agreementDiffers: 23
        case .twoProcesses: 24
        case .identityConflict: 25
        case .clockOffset: 26
        case .storeHalted: 27
        case .storeResumed: 28
        case .fieldsIgnored: 29
        }
    }

    @Test("there is a sample of every kind of event")
    func coverage() { #expect(Set(EffectTextTests.events.map(Self.kind)) == Set(0..<30)) }

    @Test("every event reads back as it was written, in one line that any JSON reader takes")
    func roundTrip() throws {
        for event in EffectTextTests.events {
            let line = EventLine(at: WallTime(milliseconds: 1_765_941_780_123), .event(event))
            #expect(!line.text.contains("\n"))
            let json = try JSONSerialization.jsonObject(with: Data(line.text.utf8)) as? [String: Any]
            #expect((json?["event"] as? [String: Any])?["kind"] is String)
            #expect(try EventLine(Array(line.text.utf8), number: 1) == line)
        }
    }

    @Test("the start of a node's work and lines that are missing read back too")
    func others() throws {
        for content in [EventLine.Content.listening(Samples.four), .listening(Samples.six), .lost(17)] {
            let line = EventLine(at: WallTime(milliseconds: 5), content)
            #expect(try EventLine(Array(line.text.utf8), number: 1) == line)
        }
    }

    @Test(
        "what is no such line is refused with its number",
        arguments: [
            "", "Listening on 127.0.0.1:24100", "{}", #"{"wall_ms":5}"#, #"{"wall_ms":5,"lost":-1}"#,
            #"{"wall_ms":5,"event":{"kind":"link-lost"}}"#, #"{"wall_ms":5,"event":{"kind":"handshake-begun"}}"#,
            #"{"wall_ms":5,"lost":1,"event":{"kind":"handshake-begun","link":1}}"#,
            #"{"wall_ms":9999999999999999,"lost":1}"#, #"{"wall_ms":5,"lost":1,"lost":1}"#,
        ])
    func refused(text: String) {
        let error = #expect(throws: TraceError.self) { try EventLine(Array(text.utf8), number: 12) }
        #expect(error?.line == 12)
    }
}
