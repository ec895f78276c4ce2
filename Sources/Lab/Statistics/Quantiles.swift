/// Order statistics of plain, uncensored numbers.
public enum Quantiles {
    /// The quantile at `probability` (0…1) by linear interpolation between order statistics: type 7 of Hyndman and
    /// Fan 1996, the default of R and NumPy. `nil` without values.
    public static func quantile(_ values: [Double], _ probability: Double) -> Double? {
        quantile(sorted: values.sorted(), probability)
    }

    /// The middle value, or the mean of the two middle ones. `nil` without values.
    public static func median(_ values: [Double]) -> Double? {
        quantile(values, 0.5)
    }

    static func quantile(sorted values: [Double], _ probability: Double) -> Double? {
        guard let last = values.indices.last else { return nil }
        let position = min(max(probability, 0), 1) * Double(last)
        let lower = Int(position)
        guard lower < last else { return values[last] }
        let fraction = position - Double(lower)
        return values[lower] + fraction * (values[lower + 1] - values[lower])
    }
}
