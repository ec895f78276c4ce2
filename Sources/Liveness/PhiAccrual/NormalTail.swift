/// φ = -log₁₀(1 - Φ(z)): how unlikely it is that a normal variable lies more than `z` standard deviations above its
/// mean, in decimal orders of magnitude.
///
/// The exact tail by table, linear between its places 1/64 apart, so that every build gives the same: log and erfc do
/// not. It is right to 0.00002 in φ for z from -4 to 12, φ from 0 to 32.75. The logistic approximation that other
/// detectors use crosses φ = 8 at 5.23 deviations where the tail does at 5.61, and is not used here.
///
/// Values are in millionths.
enum NormalTail {
    private static let lowest: Int64 = -4_000_000
    private static let highest: Int64 = 12_000_000
    private static let million: Int64 = 1_000_000
    private static let placesPerUnit: Int64 = 64

    /// φ at `z`; beyond the table its first or last value.
    static func phi(at z: Int64) -> Int64 {
        let scaled = (min(max(z, lowest), highest) - lowest) * placesPerUnit
        let place = Int(scaled / million)
        guard place + 1 < table.count else { return Int64(table[table.count - 1]) }
        let (low, high) = (Int64(table[place]), Int64(table[place + 1]))
        return low + (high - low) * (scaled % million) / million
    }

    /// The `z` at which φ reaches `phi`; the table's first or last where it lies beyond.
    static func crossing(_ phi: Int64) -> Int64 {
        var low = 0
        var high = table.count - 1
        guard phi > Int64(table[low]) else { return lowest }
        guard phi < Int64(table[high]) else { return highest }
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int64(table[middle]) < phi { low = middle } else { high = middle }
        }
        let (below, above) = (Int64(table[low]), Int64(table[high]))
        return lowest + (Int64(low) * million + (phi - below) * million / (above - below)) / placesPerUnit
    }
}
