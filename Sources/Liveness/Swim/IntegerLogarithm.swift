/// Logarithms in integers, so that every build gives the same.
enum IntegerLogarithm {
    /// log₂ of `value` in 65 536ths, rounded down; 0 for 0.
    static func base2(_ value: Int) -> Int64 {
        guard value > 1 else { return 0 }
        let number = UInt64(value)
        // The number as a fraction from 1 to 2, with 63 bits behind the point.
        var fraction = number << UInt64(number.leadingZeroBitCount)
        var bits = Int64(63 - number.leadingZeroBitCount)
        for _ in 0..<16 {
            // Squaring doubles the logarithm: each time its next bit comes in front of the point.
            let square = fraction.multipliedFullWidth(by: fraction).high
            let isAboveTwo = square >= 1 << 63
            bits = bits << 1 | (isAboveTwo ? 1 : 0)
            fraction = isAboveTwo ? square : square << 1
        }
        return bits
    }
}
