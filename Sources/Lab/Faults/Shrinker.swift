import Kernel

/// Reduces a list to a part that still fails, from which nothing can be left out: delta debugging (Zeller and
/// Hildebrandt, "Simplifying and isolating failure-inducing input", 2002).
public enum Shrinker {
    /// - Parameters:
    ///   - items: a list that fails.
    ///   - fails: whether a part of it still does.
    /// - Returns: a part that fails, while every part with one item less does not; an empty one where nothing in the list
    ///   is to blame. The parts that were tried are about the square of its length at worst, and far fewer where the
    ///   failure is due to few items.
    public static func shrink<Item>(_ items: [Item], fails: ([Item]) throws -> Bool) rethrows -> [Item] {
        // First: a failure that needs none of the items would put the blame on whichever is left.
        if items.isEmpty { return items }
        if try fails([]) { return [] }
        var items = items
        var parts = 2
        while items.count >= 2 {
            let size = (items.count + parts - 1) / parts
            var smaller: [Item]?
            for start in stride(from: 0, to: items.count, by: size) {
                var rest = items
                rest.removeSubrange(start..<min(start + size, items.count))
                guard !rest.isEmpty, try fails(rest) else { continue }
                smaller = rest
                break
            }
            if let found = smaller {
                items = found
                parts = max(2, parts - 1)
            } else if size == 1 {
                break
            } else {
                parts = min(items.count, 2 * parts)
            }
        }
        return items
    }
}

extension Scenario {
    /// The scenario with the fewest of its faults with which a run of this profile and seed still violates `property`.
    public func shrunk(
        _ profile: SimulatedProfile, seed: UInt64, keeping property: Property
    ) throws -> Scenario {
        let plan = try Shrinker.shrink(withDrawnFaults(seed: seed).faults) { faults in
            let verdict = try Simulation(with(plan: faults), profile: profile, seed: seed).run().verdict
            return verdict.violations.contains { $0.property == property }
        }
        return with(plan: plan)
    }
}
