/// Holm's step-down correction (Holm 1979): keeps the probability of even one false finding in a whole table below
/// the level, without assuming that the rows are independent.
public enum HolmCorrection {
    /// The adjusted p-values, in the order of `values`: each is compared with the level as it stands.
    public static func adjust(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        var adjusted = values
        var largest = 0.0
        for (rank, index) in order.enumerated() {
            largest = max(largest, min(1, Double(values.count - rank) * values[index]))
            adjusted[index] = largest
        }
        return adjusted
    }
}
