import Testing

@testable import Wire

/// The fuzzer's look at messages, with messages of a module that does not ship.
struct MessageFuzzTests {
    @Test("every sample is a seed, and neither it nor what comes of changed bytes breaks a promise")
    func sound() {
        let fuzz = MessageFuzz([ModuleFrameTests.Sample.self])
        var generator = SeededGenerator(seed: 3)
        #expect(
            fuzz.seeds.map(\.name) == ["sample-empty-0", "sample-everything-1", "sample-everything-2"])
        for seed in fuzz.seeds {
            #expect(fuzz.problem(in: seed.bytes) == nil)
            guard seed.bytes.count > 2 else { continue }
            for _ in 0..<5000 {
                var bytes = seed.bytes
                let place = Int.random(in: 2..<bytes.count, using: &generator)
                bytes[place] = UInt8.random(in: 0...255, using: &generator)
                #expect(fuzz.problem(in: bytes) == nil, "\(bytes)")
            }
        }
    }

    @Test("inputs that name no type and no kind, and bodies that are refused, are no problem")
    func noMessage() {
        let fuzz = MessageFuzz([ModuleFrameTests.Sample.self])
        for input in [[], [0], [1, 1], [0, 9, 1], [0, 1, 10]] as [[UInt8]] {
            #expect(fuzz.problem(in: input) == nil)
        }
    }

    @Test("each broken promise is told")
    func broken() {
        for (kind, words) in zip(
            Broken.Kind.allCases,
            ["reads as another kind", "cannot be sent", "changes as it is written", "writes fields that", "is refused"])
        {
            let problem = MessageFuzz([Broken.self]).problem(in: [0, UInt8(kind.rawValue - 1), 8, 7])
            #expect(problem?.contains(words) == true, "\(kind): \(problem ?? "nothing")")
        }
    }

    /// Breaks one promise a kind.
    private struct Broken: ModuleMessage {
        enum Kind: UInt32, MessageKind {
            case turns = 1
            case grows = 2
            case drifts = 3
            case hides = 4
            case lies = 5

            var traits: MessageTraits { MessageTraits("\(self)", limit: 10) }
        }

        static let scope = MessageScope(.consensus, "broken")
        static let samples: [Broken] = []

        var kind: Kind
        var number: UInt64

        func write(to body: inout BodyWriter) {
            switch kind {
            case .turns: body.number(1, number)
            case .grows: body.zeros(1, 100)
            case .drifts: body.number(1, number + 1)
            case .hides:
                body.number(1, number)
                body.number(2, 1 as UInt8)
            case .lies: body.bytes(1, [1])
            }
        }

        static func read(_ kind: Kind, from body: inout BodyReader) throws(MessageFault) -> Broken {
            var number: UInt64 = 0
            while let field = try body.next() {
                if field == 1 { number = try body.number() }
            }
            return Broken(kind: kind == .turns ? .grows : kind, number: number)
        }
    }
}
