import Kernel
import Wire

// Messages of the SWIM detector.

extension FieldSink {
    mutating func swim(_ swim: SwimMessage) {
        word("kind", "swim")
        field("step", swim.kind.rawValue)
        field("sequence", swim.sequence)
        if let subject = swim.subject { field("subject", subject) }
        list("claims", swim.claims) { claim, line in
            line.object {
                $0.field("status", claim.status.rawValue)
                $0.field("subject", claim.subject)
                $0.field("incarnation", claim.incarnation)
                $0.field("source", claim.source)
            }
        }
    }
}

extension FieldReader {
    func swim() throws(TraceError) -> SwimMessage {
        let step: UInt8 = try number("step")
        guard let kind = SwimMessage.Kind(rawValue: step) else {
            throw TraceError(.unknownKind, line: line, "no step of swim has the number \(step)")
        }
        return SwimMessage(
            kind: kind, sequence: try number("sequence"),
            subject: try optional("subject") { name throws(TraceError) in try identity(name) },
            claims: try list("claims") { item throws(TraceError) in try item.claim() }
        )
    }

    private func claim() throws(TraceError) -> SwimClaim {
        let word: UInt8 = try number("status")
        guard let status = SwimClaim.Status(rawValue: word) else {
            throw TraceError(.unknownKind, line: line, "no status of a claim has the number \(word)")
        }
        return SwimClaim(
            status: status, subject: try identity("subject"), incarnation: try number("incarnation"),
            source: try identity("source")
        )
    }
}
