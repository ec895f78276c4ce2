import Testing

/// What pure targets must not name, so that a run is a function of its profile, scenario and seed.
struct PureTargetTests {
    struct Rule: Sendable, CustomTestStringConvertible {
        let name: String
        let reason: String
        /// A line that holds none of these is in order.
        let words: [String]
        let matches: @Sendable (String) -> Bool

        var testDescription: String { name }

        func isBroken(_ line: String) -> Bool { SourceText.line(line, holdsOneOf: words) && matches(line) }
    }

    static let rules = [
        Rule(name: "wall clock", reason: "the driver tells the time", words: ["Date"]) { $0.contains(/\bDate\s*\(/) },
        Rule(name: "system clock", reason: "the driver tells the time", words: ["Clock", "DispatchTime", "clock_"]) {
            $0.contains(/\b(ContinuousClock|SuspendingClock|DispatchTime|clock_gettime)\b/)
        },
        Rule(name: "task", reason: "a policy is synchronous", words: ["Task", "async", "await"]) {
            $0.contains(/\bTask\s*(\{|\.|\()|\basync\b|\bawait\b/)
        },
        Rule(
            name: "queue or lock", reason: "one thread a node", words: ["DispatchQueue", "NSLock", "Mutex", "pthread_"]
        ) {
            $0.contains(/\b(DispatchQueue|NSLock|Mutex|pthread_\w+)\b/)
        },
        Rule(
            name: "system random", reason: "every draw comes from a named stream",
            words: ["Random", "random", "shuffle", "UUID"]
        ) {
            $0.contains(/SystemRandomNumberGenerator|\.shuffled\(\)|\.shuffle\(\)|randomElement\(\)|\bUUID\(/)
                || ($0.contains(/\.random\(in:/) && !$0.contains("using:"))
        },
        Rule(
            name: "libm", reason: "log and erfc differ between builds",
            words: ["log", "exp", "pow", "erf", "sin", "cos", "tan", "sqrt", "lgamma"]
        ) {
            $0.contains(/(^|[^.\w])(log|log2|log10|exp|exp2|pow|erf|erfc|sin|cos|tan|sqrt|lgamma)\(/)
                && !$0.contains(/\bfunc\s+\w+\(/)
        },
        Rule(name: "Foundation", reason: "it brings clocks, locks and libm", words: ["import"]) {
            $0.contains(
                /^\s*(@preconcurrency\s+)?import\s+(Foundation|FoundationEssentials|Glibc|Darwin|Musl|Dispatch)\b/)
        },
        Rule(
            name: "hash table", reason: "its order differs in every process: use an ordered collection",
            words: ["Dictionary", "Set", "["]
        ) {
            $0.contains(/\bDictionary\b|\bSet\s*[<(]|\[\s*[A-Z][\w.]*\??\s*:\s*[A-Z\[(]/)
        },
        Rule(name: "unsafe end", reason: "a crash on input is a bug", words: ["fatalError", "try!", "as!"]) {
            $0.contains(/\bfatalError\(|\btry!|\bas!/)
        },
    ]

    @Test("pure targets name nothing that another process would answer differently", arguments: rules)
    func banned(_ rule: Rule) {
        #expect(SourceTree.pureTexts.count > 100)
        for (file, text) in SourceTree.pureTexts where !SourceTree.isEdge(file, of: rule.name) {
            for (number, line) in text.lines.enumerated() where !line.isEmpty && rule.isBroken(line) {
                let isAllowed = AllowedName.all.contains {
                    $0.file == file && $0.rule == rule.name && line.contains($0.line)
                }
                if !isAllowed {
                    Issue.record("\(file):\(number + 1): \(rule.name) (\(rule.reason)): \(line)")
                }
            }
        }
    }

    @Test("every exception still stands where the list says")
    func exceptions() throws {
        for allowed in AllowedName.all {
            let text = SourceTree.exists(allowed.file) ? try SourceTree.text(allowed.file) : ""
            let stands = SourceText(text).lines.contains { $0.contains(allowed.line) }
            #expect(stands, "\(allowed.file): no '\(allowed.line)': take it off the list")
        }
    }

    @Test(
        "the rules see what they are made for, and no comment or text",
        arguments: [
            ("let now = Date()", "wall clock"), ("Task { work() }", "task"), ("list.shuffled()", "system random"),
            ("Int.random(in: 0..<3)", "system random"), ("let x = log(2.0)", "libm"), ("import Glibc", "Foundation"),
            ("var peers: [Identity: Int] = [:]", "hash table"), ("let seen = Set<Int>()", "hash table"),
            ("let seen: Dictionary<Int, Int>", "hash table"), ("let x = try! make()", "unsafe end"),
        ]
    )
    func selfCheck(line: String, rule: String) throws {
        let rule = try #require(Self.rules.first { $0.name == rule })
        #expect(rule.isBroken(SourceText(line).lines[0]))
        #expect(!rule.isBroken(SourceText("// \(line)").lines[0]))
        #expect(!rule.isBroken(SourceText("let text = \"\(line)\"").lines[0]))
        #expect(!rule.isBroken(SourceText("OrderedSet<Int>().random(in: 0..<3, using: &stream)").lines[0]))
    }
}
