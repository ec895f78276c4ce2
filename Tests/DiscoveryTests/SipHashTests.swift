import Testing

@testable import Discovery

@Suite("SipHash-2-4")
struct SipHashTests {
    /// Key 00 01 … 0f and messages 00 01 … of rising length, from the reference implementation's vectors.
    @Test(
        "the reference vectors come out",
        arguments: [
            (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (7, 0xab02_00f5_8b01_d137),
            (8, 0x93f5_f579_9a93_2462), (15, 0xa129_ca61_49be_45e5),
        ] as [(Int, UInt64)]
    )
    func vectors(length: Int, expected: UInt64) {
        let key = BookKey(first: 0x0706_0504_0302_0100, second: 0x0f0e_0d0c_0b0a_0908)
        #expect(SipHash.hash((0..<length).map { UInt8($0) }, key: key) == expected)
    }
}
