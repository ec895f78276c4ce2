import Kernel

/// One turn of one node in a run of the kit: what it was told and what it did about it. Kept, so that of two runs that
/// should be one the first difference can be shown.
struct Turn {
    /// Nanoseconds since the start of the run.
    var time: Int64
    /// `node 0`.
    var place: String
    var input: Input
    /// The callbacks of the tried module, in order.
    var callbacks: [String]
    var effects: [Effect] = []
    /// When the next timer is due; nil where there is none, or where nobody looked.
    var deadline: Int64?
}

/// Where two runs that should be the same part.
enum Divergence {
    /// The first turn that differs, in words; nil where none does.
    ///
    /// - Parameter names: what to call the two runs.
    static func words(_ first: [Turn], _ second: [Turn], names: (String, String)) -> String? {
        for (index, (one, two)) in zip(first, second).enumerated() where differs(one, two) {
            return words(one, two, index, names)
        }
        guard first.count != second.count else { return nil }
        let (longer, name) = first.count > second.count ? (first, names.0) : (second, names.1)
        return "after \(min(first.count, second.count)) equal turns, \(place(longer[min(first.count, second.count)])) "
            + "happens in \(name) alone"
    }

    private static func differs(_ one: Turn, _ two: Turn) -> Bool {
        one.time != two.time || one.place != two.place || one.deadline != two.deadline
            || one.effects.count != two.effects.count || text(one.effects) != text(two.effects)
    }

    private static func words(_ one: Turn, _ two: Turn, _ index: Int, _ names: (String, String)) -> String {
        guard one.time == two.time, one.place == two.place else {
            return "after \(index) equal turns comes \(place(one)) in \(names.0), and \(place(two)) in \(names.1)"
        }
        let start = "they part at \(place(one)): "
        let effects = zip(one.effects.map(text), two.effects.map(text)).first { $0 != $1 }
        if let (left, right) = effects { return start + "'\(left)' in \(names.0), '\(right)' in \(names.1)" }
        let count = min(one.effects.count, two.effects.count)
        if one.effects.count != two.effects.count {
            let (effect, name) =
                one.effects.count > count ? (one.effects[count], names.0) : (two.effects[count], names.1)
            return start + "'\(text(effect))' in \(name) alone"
        }
        return start + "the next timer is due \(due(one)) in \(names.0), \(due(two)) in \(names.1)"
    }

    /// `12.5 s, node 0, callbacks linkUp and heard (input …)`.
    private static func place(_ turn: Turn) -> String {
        let callbacks = turn.callbacks.isEmpty ? "no callback" : "callback " + turn.callbacks.joined(separator: ", ")
        return "\(Double(turn.time) / 1e9) s, \(turn.place), \(callbacks) (input \(clipped(plain("\(turn.input)"))))"
    }

    private static func due(_ turn: Turn) -> String { turn.deadline.map { "at \(Double($0) / 1e9) s" } ?? "never" }

    private static func text(_ effects: [Effect]) -> String { effects.map(text).joined(separator: "\n") }

    private static func text(_ effect: Effect) -> String { clipped(plain("\(effect)")) }

    /// Without the names of modules, which Swift puts before every type.
    private static func plain(_ text: String) -> String {
        ["Kernel.", "Wire.", "Profile."].reduce(text) { $0.replacing($1, with: "") }
    }

    private static func clipped(_ text: String) -> String { text.count <= 200 ? text : "\(text.prefix(200))…" }
}
