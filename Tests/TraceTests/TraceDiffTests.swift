import Kernel
import Testing

@testable import Trace

@Suite("The difference of two traces") struct TraceDiffTests {
    private static let inputs: [Input] = [.start, .wake, .wake, .wake, .shutdown]

    private func diff(_ left: [String], _ right: [String], context: Int = 2) throws -> TraceDiff {
        var (first, second) = (try Lines.reader(left), try Lines.reader(right))
        return try TraceDiff(&first, &second, context: context)
    }

    @Test("equal traces are equal, also with other spaces and another order of members")
    func equal() throws {
        let left = Lines.trace(Self.inputs)
        var right = Array(left.dropLast())
        right[1] = #"{ "node":"n1", "t":0.000000000, "wall_ms":5, "in":"start" }"#
        let diff = try diff(left, Lines.closed(right))
        #expect(diff.isEqual)
        #expect(diff.equalRecords == 5)
        #expect(diff.context.map(\.number) == [5, 6])
    }

    @Test("the first record that differs is shown with those before it and the member that differs")
    func first() throws {
        let left = Lines.trace(Self.inputs)
        var right = Array(left.dropLast())
        right[3] = right[3].replacing("\"wall_ms\":5", with: "\"wall_ms\":6")
        right[4] = right[4].replacing("wake", with: "start")
        let diff = try diff(left, Lines.closed(right))
        #expect(!diff.isEqual)
        #expect(diff.equalRecords == 2)
        #expect(diff.context.map(\.number) == [2, 3])
        #expect(diff.divergence?.left?.number == 4)
        #expect(diff.divergence?.place == .init(path: "wall_ms", left: "5", right: "6"))
    }

    @Test("a trace that has nothing more differs from one that has")
    func shorter() throws {
        let diff = try diff(Lines.trace(Self.inputs), Lines.trace(Self.inputs.dropLast()), context: 0)
        #expect(diff.divergence?.left?.number == 6)
        #expect(diff.divergence?.right == nil)
        #expect(diff.context.isEmpty)
    }

    @Test("seed, load and profile count as differences, the program and a profile's place do not")
    func headers() throws {
        func trace(seed: UInt64, bytes: Int, text: String, _ change: (inout TraceHeader) -> Void = { _ in }) -> [String]
        {
            let traffic = TraceHeader.Traffic(requestBytes: bytes, replyBytes: 1, interval: .seconds(1))
            var header = Lines.header(
                .simulation(TraceHeader.Scenario(name: "s", seed: seed, traffic: traffic)), text: text
            )
            change(&header)
            return Lines.trace(Self.inputs, header: header)
        }
        let base = trace(seed: 1, bytes: 1, text: "a: 1\nb: 2\n")
        #expect(try diff(base, trace(seed: 2, bytes: 1, text: "a: 1\nb: 2\n")).headers.map(\.name) == ["seed"])
        #expect(try diff(base, trace(seed: 1, bytes: 2, text: "a: 1\nb: 2\n")).headers.map(\.name) == ["traffic"])
        let other = try diff(base, trace(seed: 1, bytes: 1, text: "a: 1\nb: 3\n"))
        #expect(other.headers.map(\.name) == ["profile 0 digest", "profile p", "profile p"])
        #expect(other.headers.contains { $0.left == "b: 2" } && other.headers.contains { $0.right == "b: 3" })
        #expect(!other.isEqual)
        let moved = try diff(
            base,
            trace(seed: 1, bytes: 1, text: "a: 1\nb: 2\n") {
                $0.program = "timenode 1"
                $0.profiles[0].path = "q.yaml"
            }
        )
        #expect(moved.isEqual)
        #expect(moved.remarks.map(\.name) == ["program", "profile 0 path"])
    }

    @Test("a digest, a profile's text under the same digest, and what no node uses count as differences")
    func small() throws {
        let left = Lines.trace(Self.inputs, digest: "ab")
        let digest = try diff(left, Lines.trace(Self.inputs, digest: "ac"))
        #expect(!digest.isEqual)
        #expect(digest.ends == [.init(name: "digest", left: "ab", right: "ac")])
        #expect(try !diff(left, Lines.trace(Self.inputs)).isEqual)

        var header = Lines.header()
        header.profiles[0].text += "\n"
        let text = try diff(left, Lines.trace(Self.inputs, header: header, digest: "ab"))
        #expect(text.headers.map(\.name) == ["profile p"])

        header = Lines.header()
        header.networks.append(header.networks[0])
        let network = try diff(left, Lines.trace(Self.inputs, header: header, digest: "ab"))
        #expect(network.headers.map(\.name) == ["networks[1]"])
        #expect(!network.isEqual)
    }

    @Test("two ways to write one letter are two texts")
    func letters() throws {
        let (one, other) = ("caf\u{e9}", "cafe\u{301}")
        #expect(one == other)
        let diff = try diff(
            Lines.trace([.verified(Token(number: 1), .failed(one))]),
            Lines.trace([.verified(Token(number: 1), .failed(other))])
        )
        #expect(diff.divergence?.place?.path == "error")
    }

    @Test("damage is laid at the trace that has it")
    func damage() throws {
        let whole = Lines.trace(Self.inputs)
        var broken = whole
        broken[3] = "{"
        let failure = #expect(throws: TraceDiff.Failure.self) { try diff(whole, broken) }
        #expect(failure?.isLeft == false)
        #expect(failure?.error.line == 4)
        var flipped = whole
        flipped[5] = flipped[5].replacing("\"wall_ms\":5", with: "\"wall_ms\":4")
        let changed = #expect(throws: TraceDiff.Failure.self) { try diff(flipped, Lines.trace([.wake])) }
        #expect(changed?.isLeft == true)
        #expect(changed?.error.code == .changed)
        let other = #expect(throws: TraceDiff.Failure.self) { try diff(Array(whole.dropLast()), whole) }
        #expect(other?.isLeft == true)
        #expect(other?.error.code == .cutOff)
    }
}
